// What each heading sorts by, and how its column is aligned. The headings themselves come with the rows.
const HEADS = {
  number: ["number", "right"], priority: ["priority", ""], issue: ["issue", ""], thumb: [null, ""], where: [null, ""],
  since: ["opened", "right"], who: ["assignee", ""], state: ["state", ""], left: ["due", ""],
}
const CELLS = {
  number: (row) => [make("span", "dim num", row.id)],
  priority: (row) => [make("span", `tone ${row.tone}`, row.priority)],
  thumb: (row) => {
    if (!row.thumb) return []
    const picture = make("img", "thumb")
    picture.src = row.thumb
    picture.alt = ""
    return [picture]
  },
  issue: (row) => {
    const link = make("a", "issue", row.issue)
    link.href = row.href
    const place = make("div", "dim place", row.place)
    place.title = row.place
    return [link, place]
  },
  where: (row) => [make("span", "dim", row.camera)],
  since: (row, now) => [make("span", "num", ago(row.opened, now))],
  who: (row) => [make("span", row.who ? "" : "dim", row.who || say("nobody"))],
  state: (row) => [make("span", `pill ${row.stateTone}`, row.state)],
}
const TITLES = { since: (row) => row.openedText, left: (row) => row.dueText, where: (row) => row.camera, who: (row) => row.who }

// What is ticked here and now: a rerun that is under way still shows the selection before the last tick.
const ticked = new WeakMap()

export default function (component) {
  const { data, parentElement, setTriggerValue, setStateValue } = component
  speak(data)
  const root = parentElement.querySelector(".lm")
  const skew = data.now - Date.now()
  const picked = ticked.get(root) ?? new Set(data.picked)
  ticked.set(root, picked)
  const box = make("div", "table-box"), table = make("table", "table"), head = make("tr"), body = make("tbody")
  table.setAttribute("aria-label", data.label)

  const report = () => setStateValue("picked", data.rows.map((r) => r.id).filter((id) => picked.has(id)))
  if (data.selectable) {
    const cell = make("th", "pick"), all = make("input")
    all.type = "checkbox"
    all.title = say("all")
    all.setAttribute("aria-label", all.title)
    all.checked = data.rows.length > 0 && data.rows.every((r) => picked.has(r.id))
    all.onchange = () => {
      data.rows.forEach((r) => (all.checked ? picked.add(r.id) : picked.delete(r.id)))
      body.querySelectorAll(".pick input").forEach((tick) => { tick.checked = all.checked })
      report()
    }
    cell.append(all)
    head.append(cell)
  }
  for (const name of data.columns) {
    const [sort, align] = HEADS[name], title = data.heads[name]
    const cell = make("th", `col-${name} ${align}`)
    if (sort && data.sort) {
      const mark = data.sort === sort ? (data.descending ? " ↓" : " ↑") : ""
      const button = make("button", "", title + mark)
      button.onclick = () => setTriggerValue("sorted", sort)
      cell.append(button)
      cell.setAttribute("aria-sort", mark ? (data.descending ? "descending" : "ascending") : "none")
    } else cell.textContent = title
    head.append(cell)
  }
  const ticking = []
  for (const row of data.rows) {
    const line = make("tr", (picked.has(row.id) ? "picked " : "") + (row.fresh ? "fresh" : ""))
    line.dataset.order = row.id
    if (data.selectable) {
      const cell = make("td", "pick"), tick = make("input")
      tick.type = "checkbox"
      tick.checked = picked.has(row.id)
      tick.setAttribute("aria-label", say("one", { n: row.id }))
      tick.onchange = () => {
        tick.checked ? picked.add(row.id) : picked.delete(row.id)
        line.classList.toggle("picked", tick.checked)
        report()
      }
      cell.onclick = (event) => event.stopPropagation()
      cell.append(tick)
      line.append(cell)
    }
    for (const name of data.columns) {
      const cell = make("td", `col-${name} ${HEADS[name][1]}`)
      if (TITLES[name]) cell.title = TITLES[name](row)
      if (name === "left") cell.append(make("div"))
      if (name === "left") ticking.push(() => { paintClock(cell.firstChild, row.clock, Date.now() + skew) })
      else if (name === "since") ticking.push(() => cell.replaceChildren(...CELLS.since(row, Date.now() + skew)))
      else cell.append(...CELLS[name](row))
      line.append(cell)
    }
    line.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      setTriggerValue("opened", row.id)
    }
    body.append(line)
  }
  const top = make("thead")
  top.append(head)
  table.append(top, body)
  box.append(table)
  if (!data.rows.length) box.append(make("div", "empty dim", data.empty))
  root.replaceChildren(box)
  return everySecond(root, () => ticking.forEach((paint) => paint()))
}
