// Takes away what the server told before the app ran, once the app's own verdict is in the document.
(() => {
  const first = document.getElementById("first");
  const root = document.getElementById("root");
  if (!first || !root) return;
  const stands = () => root.querySelector('[data-testid="stMain"] h1, [data-testid="stMain"] [role="alert"]');
  const go = () => {
    if (!stands()) return false;
    watch.disconnect();
    // Two frames later what stands there is painted.
    requestAnimationFrame(() => requestAnimationFrame(() => first.remove()));
    return true;
  };
  const watch = new MutationObserver(go);
  if (!go()) watch.observe(root, { childList: true, subtree: true });
})();
