// Tell the page whether somebody can see it, and whether it is as narrow as a phone: only what is seen is marked as seen.
(() => {
  const narrow = matchMedia("(max-width: 719px)");
  const tell = () => {
    if (window.did_handshake) emitEvent("loa_view", { hidden: document.hidden, narrow: narrow.matches });
    else setTimeout(tell, 50);
  };
  document.addEventListener("visibilitychange", tell);
  narrow.addEventListener("change", tell);
  addEventListener("load", tell);

  // Whoever has scrolled up gets a button that leads back to the newest message.
  const UP = -160;
  addEventListener("scroll", (event) => {
    if (event.target.classList?.contains("reel")) event.target.toggleAttribute("data-up", event.target.scrollTop < UP);
  }, true);
})();
