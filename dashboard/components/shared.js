const make = (tag, name, text) => {
  const node = document.createElement(tag)
  if (name) node.className = name
  if (text !== undefined && text !== null) node.textContent = text
  return node
}
// The same words as dashboard.times.span, so that a ticking time and a printed one never disagree.
const span = (ms) => {
  const total = Math.abs(Math.round(ms / 1000))
  const two = (n) => String(n).padStart(2, "0")
  if (total < 60) return `${total} s`
  if (total < 3600) {
    const minutes = Math.floor(total / 60), seconds = total % 60
    return minutes < 5 && seconds ? `${minutes} min ${two(seconds)} s` : `${minutes} min`
  }
  if (total < 86400) {
    const hours = Math.floor(total / 3600), minutes = Math.floor((total % 3600) / 60)
    return minutes ? `${hours} h ${two(minutes)} min` : `${hours} h`
  }
  const days = Math.floor(total / 86400), hours = Math.floor((total % 86400) / 3600)
  return days < 14 && hours ? `${days} d ${hours} h` : `${days} d`
}
const ago = (at, now) => (at === null ? "—" : Math.abs(now - at) < 10000 ? "just now"
  : now > at ? `${span(now - at)} ago` : `in ${span(at - now)}`)
// One state of a clock: {text, tone, share left, paused}.
const readClock = (clock, now) => {
  if (!clock) return null
  const { due, started, held, met, took, answer } = clock
  if (met !== null) {
    const text = (met ? "✓ in time" : "✕ late") + (took === null ? "" : `, took ${span(took)}`)
    return { text, tone: met ? "green" : "red", share: null, paused: false }
  }
  const left = due - (held ?? now)
  const share = Math.max(0, Math.min(1, left / Math.max(1, due - started)))
  if (held !== null) {
    return { text: left < 0 ? `‖ paused, late by ${span(left)}` : `‖ paused, ${span(left)} left`, tone: "violet", share, paused: true }
  }
  if (left < 0) return { text: answer ? `! answer ${span(left)} late` : `! late by ${span(left)}`, tone: "red", share: 0, paused: false }
  return { text: answer ? `${span(left)} to answer` : `${span(left)} left`, tone: share < 0.25 ? "orange" : "green", share, paused: false }
}
const paintClock = (cell, clock, now) => {
  const state = readClock(clock, now)
  cell.replaceChildren()
  if (!state) { cell.append(make("span", "dim", "—")); return }
  cell.className = `clock num ${state.tone}`
  cell.append(make("span", state.tone === "green" && state.share !== null ? "" : "tone", state.text))
  if (state.share === null) return
  const bar = make("div", state.paused ? "bar paused" : "bar"), fill = make("i")
  fill.style.width = state.text.startsWith("!") ? "100%" : `${(state.share * 100).toFixed(1)}%`
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
