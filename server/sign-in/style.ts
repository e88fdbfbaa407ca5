/** How the pages look that need no script: quiet, as the console does, in light and dark. */
export const STYLE = `
:root{color-scheme:light dark;--ground:light-dark(#f7f8f9,#17191c);--paper:light-dark(#fff,#1e2125);--line:light-dark(#e3e6e8,#33383d);--ink:light-dark(#16191c,#e6e9ec);--quiet:light-dark(#565e66,#a6afb8);--accent:#0b6e69;--link:light-dark(#0b6e69,#72c1bc);--bad:light-dark(#b3261e,#ff9a92);--field:light-dark(#868e96,#7b848c)}
body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:var(--ground);color:var(--ink)}
body>header,main,footer{box-sizing:border-box;max-width:30rem;margin:0 auto}
body>header{display:flex;gap:.5rem;align-items:center;font-weight:650;padding:0 1rem 1rem;margin-top:min(8vh,4rem)}
main{background:var(--paper);border:1px solid var(--line);border-radius:.75rem;padding:1.5rem}
footer{padding:1rem}
@media(max-width:32rem){main{border-width:1px 0;border-radius:0}body>header{margin-top:1rem}}
h1{font-size:1.4rem;line-height:1.25;margin:0 0 1rem}
h2{font-size:1.05rem;margin:1.5rem 0 .5rem}
h1,p,li,td,code{overflow-wrap:anywhere}
a{color:var(--link)}
label{display:block;font-weight:600}
input,button{box-sizing:border-box;font:inherit;min-height:2.75rem;padding:.5rem .75rem;border-radius:.375rem}
input{border:1px solid var(--field);background:var(--paper);color:inherit}
input:not([type=hidden],[type=checkbox]){width:100%;margin:.25rem 0 1rem}
[aria-invalid=true]{border-color:var(--bad);border-width:2px}
.hint,#hint{margin-top:-.5rem;color:var(--quiet);font-size:.9375rem}
[role=alert]{border-inline-start:.25rem solid var(--bad);padding-inline-start:.75rem}
main svg{background:#fff;max-width:15rem;width:100%;height:auto}
code{font-size:1.0625rem}
button{cursor:pointer;padding-inline:1.25rem;margin:.5rem .5rem 0 0;border:1px solid var(--accent);background:var(--accent);color:#fff;font-weight:600}
button+button{background:transparent;color:var(--link);border-color:var(--line)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%}
caption{text-align:start;font-weight:600}
th,td{text-align:start;padding:.25rem .5rem .25rem 0;border-bottom:1px solid var(--line)}
footer a{display:inline-block;padding:.5rem .75rem .5rem 0}
`
