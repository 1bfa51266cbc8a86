const seconds = (value) => `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, "0")}`

// The player stands beside this element, in Streamlit's own st.video of the key that Python names.
const player = (key) => document.querySelector(`.st-key-${key} video`)

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  speak(data)
  const root = parentElement.querySelector(".lm")
  const length = Math.max(0.001, data.length)
  const lanes = make("div", "lanes"), needles = []
  // The marked video shows one picture a look and may play faster than the clip was taken.
  const pace = (video) => (Number.isFinite(video?.duration) && video.duration > 0 ? video.duration / length : 1)
  const seek = (at) => {
    const video = player(data.player)
    if (video) video.currentTime = Math.max(0, at * pace(video))
  }
  for (const finding of data.findings) {
    const lane = make("div", "lane"), track = make("button", "track"), order = make("div", "order num")
    const name = make("div", "name", finding.title)
    name.title = finding.hint
    track.type = "button"
    track.title = `${seconds(finding.start)} – ${seconds(finding.end)}: ${finding.hint}`
    track.setAttribute("aria-label", `${finding.title}, ${track.title}`)
    const bar = make("div", `span ${finding.tone}`)
    bar.style.left = `${(100 * finding.start) / length}%`
    bar.style.width = `${(100 * Math.max(0, finding.end - finding.start)) / length}%`
    const needle = make("div", "needle")
    needles.push(needle)
    track.append(bar, needle)
    track.onclick = (event) => {
      const edge = track.getBoundingClientRect()
      const pointed = event.detail > 0 ? ((event.clientX - edge.left) / edge.width) * length : finding.start
      seek(pointed >= finding.start && pointed <= finding.end ? pointed : finding.start)
    }
    if (finding.order) {
      const link = make("a", "", say("order", { n: finding.order }))
      link.href = finding.href
      link.onclick = (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        setTriggerValue("opened", finding.order)
      }
      order.append(link)
    } else order.append(make("span", "dim", say("none")))
    lane.append(name, track, order)
    lanes.append(lane)
  }
  const scale = make("div", "scale dim num"), marks = make("div", "marks")
  for (const share of [0, 0.25, 0.5, 0.75, 1]) marks.append(make("span", "", seconds(share * length)))
  scale.append(make("span"), marks, make("span"))
  lanes.append(scale)
  root.replaceChildren(lanes)
  return everySecond(root, () => {
    const video = player(data.player)
    const at = (video?.currentTime ?? 0) / pace(video)
    for (const needle of needles) needle.style.left = `${(100 * Math.min(at, length)) / length}%`
  })
}
