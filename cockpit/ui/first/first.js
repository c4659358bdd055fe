// The server that gave this page is the one to connect to, and this page is embedded nowhere: Streamlit's script
// need not ask for either before it connects, on a page below the root at two wrong addresses first.
window.__streamlit = {
  BACKEND_BASE_URL: location.origin,
  HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false },
};

// Takes away what the server told before the app ran, once the app's own verdict is in the document.
(() => {
  const first = document.getElementById("first");
  const root = document.getElementById("root");
  if (!first || !root) return; // a page that has told nothing
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
