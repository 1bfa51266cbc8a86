const clamp = (v) => Math.min(1, Math.max(0, v))
const SVG = "http://www.w3.org/2000/svg"
// What was shaped and not saved yet: a rerun of the page must not lose it.
const drafts = new WeakMap()

const distance = (p, a, b) => {
  const dx = b[0] - a[0], dy = b[1] - a[1]
  const t = clamp(((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy || 1))
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy)
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".lm")
  const view = make("div", "view"), drawing = document.createElementNS(SVG, "svg")
  const name = make("div", "name"), grips = make("div")
  view.style.aspectRatio = data.ratio
  view.setAttribute("role", "group")
  view.setAttribute("aria-label", data.texts.label)
  if (data.background) {
    const picture = make("img")
    picture.src = data.background
    picture.alt = ""
    view.append(picture)
  }
  drawing.setAttribute("viewBox", "0 0 1 1")
  drawing.setAttribute("preserveAspectRatio", "none")
  view.append(drawing, grips, name)

  const edited = data.shapes.find((s) => s.id === data.editing)
  const stored = JSON.stringify([data.editing, edited?.points])
  let draft = drafts.get(root)
  if (!draft || draft.stored !== stored) draft = { stored, points: edited?.points.map((p) => [...p]) ?? [], past: [] }
  drafts.set(root, draft)

  const save = make("button", "main", data.texts.save), undo = make("button", "", data.texts.undo)
  const at = (event) => {
    const edge = view.getBoundingClientRect()
    return [clamp((event.clientX - edge.left) / edge.width), clamp((event.clientY - edge.top) / edge.height)]
  }
  const remember = () => draft.past.push(draft.points.map((p) => [...p]))
  const drag = (target, begin, move) => {
    target.onpointerdown = (event) => {
      event.preventDefault()
      target.setPointerCapture(event.pointerId)
      remember()
      begin(at(event))
      target.onpointermove = (next) => { move(at(next)); place() }
      target.onpointerup = target.onpointercancel = () => {
        target.onpointermove = target.onpointerup = target.onpointercancel = null
        const before = draft.past[draft.past.length - 1]
        if (JSON.stringify(before) === JSON.stringify(draft.points)) draft.past.pop()
        buttons()
      }
    }
  }
  let own = null
  const place = () => {
    own?.setAttribute("points", draft.points.map((p) => p.join(",")).join(" "))
    draft.points.forEach((p, n) => {
      const grip = grips.children[n]
      grip.style.left = `${p[0] * 100}%`
      grip.style.top = `${p[1] * 100}%`
    })
  }
  const buttons = () => { save.disabled = undo.disabled = draft.past.length === 0 }
  const paint = () => {
    drawing.replaceChildren()
    grips.replaceChildren()
    own = null
    for (const shape of data.shapes) {
      const area = document.createElementNS(SVG, "polygon")
      area.style.setProperty("--shape", shape.tone)
      area.setAttribute("points", shape.points.map((p) => p.join(",")).join(" "))
      area.setAttribute("aria-label", shape.label)
      area.classList.toggle("proposed", shape.proposed)
      area.onpointerenter = () => { name.textContent = shape.label; name.hidden = false }
      area.onpointerleave = () => { name.textContent = edited?.label ?? ""; name.hidden = !edited }
      if (shape === edited) own = area
      else area.onclick = () => setTriggerValue("picked", shape.id)
      drawing.append(area)
    }
    name.textContent = edited?.label ?? ""
    name.hidden = !edited
    if (own) {
      drawing.append(own)
      own.classList.add("edited")
      let from = null, whole = null
      drag(own, (p) => { from = p; whole = draft.points.map((q) => [...q]) }, (p) => {
        const xs = whole.map((q) => q[0]), ys = whole.map((q) => q[1])
        const dx = Math.min(1 - Math.max(...xs), Math.max(-Math.min(...xs), p[0] - from[0]))
        const dy = Math.min(1 - Math.max(...ys), Math.max(-Math.min(...ys), p[1] - from[1]))
        draft.points = whole.map((q) => [q[0] + dx, q[1] + dy])
      })
      own.ondblclick = (event) => {
        const p = at(event), sides = draft.points.map((a, n) => distance(p, a, draft.points[(n + 1) % draft.points.length]))
        remember()
        draft.points.splice(sides.indexOf(Math.min(...sides)) + 1, 0, p)
        paint()
      }
      draft.points.forEach((_, n) => {
        const grip = make("button", "grip")
        grip.type = "button"
        grip.setAttribute("aria-label", `${edited.label} ${n + 1}`)
        grip.style.setProperty("--shape", edited.tone)
        drag(grip, () => {}, (p) => { draft.points[n] = p })
        grip.onkeydown = (event) => {
          const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
          if (!step) return
          event.preventDefault()
          remember()
          draft.points[n] = [clamp(draft.points[n][0] + step[0] * 0.004), clamp(draft.points[n][1] + step[1] * 0.004)]
          place()
          buttons()
        }
        grip.ondblclick = () => {
          if (draft.points.length <= 3) return
          remember()
          draft.points.splice(n, 1)
          paint()
        }
        grips.append(grip)
      })
      place()
    }
    buttons()
  }
  undo.onclick = () => { draft.points = draft.past.pop(); paint() }
  save.onclick = () => {
    const points = draft.points.map((p) => p.map((v) => Math.round(v * 1e5) / 1e5))
    draft.past = []
    buttons()
    setTriggerValue("saved", { id: data.editing, points })
  }
  paint()
  const tools = make("div", "tools")
  tools.append(save, undo, make("span", "dim", data.texts.hint))
  root.replaceChildren(view, ...(edited ? [tools] : []))
}
