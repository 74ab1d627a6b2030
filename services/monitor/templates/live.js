// Ask for the live part again every second; leave it alone while somebody reads a dead letter or the page is hidden.
const part = document.getElementById("live");
setInterval(async () => {
  if (document.hidden || part.querySelector("details[open]") || part.contains(document.activeElement)) return;
  try {
    const answer = await fetch("/ops/live", { cache: "no-store" });
    if (answer.status === 401 || answer.status === 503) location.reload(); // a page of its own says why
    if (answer.ok) part.innerHTML = await answer.text();
    part.classList.toggle("quiet", !answer.ok);
  } catch {
    part.classList.add("quiet");
  }
}, 1000);
