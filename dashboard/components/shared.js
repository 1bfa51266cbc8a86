const make = (tag, name, text) => {
  const node = document.createElement(tag)
  if (name) node.className = name
  if (text !== undefined && text !== null) node.textContent = text
  return node
}
// The page's words in the reader's language, as Python hands them over; {names} are filled in.
let words = {}
const speak = (data) => { words = data.words }
const say = (key, values) => words[key].replace(/\{(\w+)\}/g, (whole, name) => values?.[name] ?? whole)
// The same rule as dashboard.times.span, so that a ticking time and a printed one never disagree.
const span = (ms) => {
  const total = Math.abs(Math.round(ms / 1000))
  const two = (n) => String(n).padStart(2, "0")
  if (total < 60) return say("s", { n: total })
  if (total < 3600) {
    const minutes = Math.floor(total / 60), seconds = total % 60
    return minutes < 5 && seconds ? say("min_s", { n: minutes, rest: two(seconds) }) : say("min", { n: minutes })
  }
  if (total < 86400) {
    const hours = Math.floor(total / 3600), minutes = Math.floor((total % 3600) / 60)
    return minutes ? say("h_min", { n: hours, rest: two(minutes) }) : say("h", { n: hours })
  }
  const days = Math.floor(total / 86400), hours = Math.floor((total % 86400) / 3600)
  return days < 14 && hours ? say("d_h", { n: days, rest: hours }) : say("d", { n: days })
}
const ago = (at, now) => (at === null ? "—" : Math.abs(now - at) < 10000 ? say("now")
  : say(now > at ? "ago" : "ahead", { span: span(now - at) }))
// One state of a clock: {text, tone, share left, paused, late}.
const readClock = (clock, now) => {
  if (!clock) return null
  const { due, started, held, met, took, answer } = clock
  if (met !== null) {
    const verdict = say(met ? "met" : "missed")
    const text = took === null ? verdict : say("took", { verdict, span: span(took) })
    return { text, tone: met ? "green" : "red", share: null, paused: false }
  }
  const left = due - (held ?? now)
  const share = Math.max(0, Math.min(1, left / Math.max(1, due - started)))
  if (held !== null) {
    return { text: say(left < 0 ? "heldLate" : "heldLeft", { span: span(left) }), tone: "violet", share, paused: true }
  }
  if (left < 0) return { text: say(answer ? "answerLate" : "late", { span: span(left) }), tone: "red", share: 0, paused: false, late: true }
  return { text: say(answer ? "answerLeft" : "left", { span: span(left) }), tone: share < 0.25 ? "orange" : "green", share, paused: false }
}
const paintClock = (cell, clock, now) => {
  const state = readClock(clock, now)
  cell.replaceChildren()
  if (!state) { cell.append(make("span", "dim", "—")); return }
  cell.className = `clock num ${state.tone}`
  cell.append(make("span", state.tone === "green" && state.share !== null ? "" : "tone", state.text))
  if (state.share === null) return
  const bar = make("div", state.paused ? "bar paused" : "bar"), fill = make("i")
  fill.style.width = state.late ? "100%" : `${(state.share * 100).toFixed(1)}%`
  bar.append(fill)
  cell.append(bar)
}
const timers = new WeakMap()
const everySecond = (root, paint) => {
  clearInterval(timers.get(root))
  timers.set(root, setInterval(paint, 1000))
  paint()
  return () => clearInterval(timers.get(root))
}
