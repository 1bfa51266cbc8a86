export default function (component) {
  const { data, parentElement } = component
  speak(data)
  const root = parentElement.querySelector(".lm")
  const skew = data.now - Date.now()
  const list = make("div", "clocks"), ticking = []
  for (const entry of data.clocks) {
    const block = make("div"), head = make("div", "head dim"), cell = make("div", "clock")
    head.append(make("span", "", entry.title), make("span", "num", entry.dueText))
    block.title = entry.hint
    block.append(head, cell)
    list.append(block)
    ticking.push(() => paintClock(cell, entry.clock, Date.now() + skew))
  }
  root.replaceChildren(list)
  return everySecond(root, () => ticking.forEach((paint) => paint()))
}
