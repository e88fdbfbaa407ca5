// Before the first paint, so that a dark console does not flash white. The policy of the page allows no inline script.
const chosen = localStorage.getItem('usher-scheme')
const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
