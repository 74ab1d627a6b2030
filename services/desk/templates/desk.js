// The desk works without this. With it: live parts, previews while one writes, and keys.

// Live parts are fetched again every other second; left alone while somebody reads a folded part or the page is hidden.
const live = document.querySelector("[data-live]");
async function refresh() {
  if (document.hidden || live.querySelector("details[open]")) return;
  try {
    const answer = await fetch(live.dataset.live, { cache: "no-store" });
    if (answer.status === 401) return location.reload();
    if (!answer.ok) return;
    const seen = new Set([...live.querySelectorAll("[data-id]")].map((row) => row.dataset.id));
    const focused = live.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    live.innerHTML = await answer.text();
    for (const row of live.querySelectorAll("[data-id]")) row.classList.toggle("fresh", !seen.has(row.dataset.id));
    if (focused) live.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  } catch { /* the next look may find the wire again */ }
}
if (live) setInterval(refresh, 2000);

// A preview is made where one writes, a moment after the last key.
const editor = document.getElementById("editor"), preview = document.getElementById("preview");
let waiting = 0;
async function show() {
  const form = new FormData(editor);
  form.set("do", "preview");
  try {
    const answer = await fetch(editor.action, { method: "POST", body: new URLSearchParams(form), headers: { accept: "text/html+part" } });
    if (answer.ok) preview.innerHTML = await answer.text();
  } catch { /* the button still previews */ }
}
editor?.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 600); });

// Sentences are gone through, and likenesses taken, without leaving the keys.
const sentences = [...document.querySelectorAll("#translation textarea")];
addEventListener("keydown", (event) => {
  const at = sentences.indexOf(event.target);
  if (at < 0 || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    return sentences[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  }
  const row = event.target.closest(".segment");
  const taken = event.key === "0" ? row.querySelector(".source") : row.querySelector(`[data-match="${CSS.escape(event.key)}"]`);
  if (!taken || !/^[0-9]$/.test(event.key)) return;
  event.preventDefault();
  event.target.setRangeText(taken.textContent, 0, event.target.value.length, "end");
});

// What was sorted leaves the list without a new page, and the next story has the keys.
document.querySelector("[data-choices]")?.closest("table").addEventListener("submit", async (event) => {
  event.preventDefault();
  const row = event.target.closest("[data-choices]"), next = row.nextElementSibling ?? row.previousElementSibling;
  const answer = await fetch(event.target.action, { method: "POST", body: new URLSearchParams(new FormData(event.target, event.submitter)) }).catch(() => null);
  if (!answer?.ok) return location.reload();
  row.remove();
  next?.querySelector("a").focus();
});

// Keys, for who writes all day. In a field, only those with Ctrl.
addEventListener("keydown", (event) => {
  const writes = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  const key = (event.ctrlKey || event.metaKey ? "ctrl+" : "") + event.key;
  if ((writes && !key.startsWith("ctrl+")) || event.altKey) return;
  const marked = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (marked) {
    event.preventDefault();
    return marked.matches("input") ? marked.focus() : marked.click();
  }
  const row = document.activeElement?.closest("[data-choices]") ?? document.querySelector("[data-choices]");
  if (row && /^[0-9]$/.test(key)) return row.querySelector(`[data-choice="${key}"]`)?.click();
  if (key === "w") location.href = "/desk/write";
  const links = [...document.querySelectorAll(".item a")], at = links.indexOf(document.activeElement);
  if (key === "j") links[Math.min(at + 1, links.length - 1)]?.focus();
  if (key === "k") links[Math.max(at - 1, 0)]?.focus();
});
