export default function (component) {
  const { data, parentElement } = component
  const root = parentElement.querySelector(".lm")
  const box = make("div", "compare"), before = make("img"), after = make("img", "over"), range = make("input")
  before.src = data.before
  before.alt = data.beforeTitle
  after.src = data.after
  after.alt = data.afterTitle
  range.type = "range"
  range.min = 0
  range.max = 100
  range.value = root.dataset.cut ?? 50
  range.setAttribute("aria-label", data.label)
  const move = () => {
    box.style.setProperty("--cut", `${range.value}%`)
    root.dataset.cut = range.value
  }
  range.oninput = move
  box.append(before, after, make("div", "line"), make("span", "tag before", data.beforeTitle), make("span", "tag after", data.afterTitle), range)
  root.replaceChildren(box)
  move()
}
