// Before the first paint: a page must not flash white in a dark room. A file of its own, so that a strict content
// security policy lets it run.
try {
  const theme = localStorage.getItem('champion.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's own theme holds then.
}
