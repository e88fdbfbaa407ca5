/** The page at the root, until there is a console: what this is and where to go. */
export function frontPage(publicUrl: string): string {
  const url = escaped(publicUrl)
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Usher</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}code{overflow-wrap:anywhere}</style></head>
<body>
<h1>Usher is running</h1>
<p>Directories push users and groups to <code>${url}/scim/v2/{connection}</code>.</p>
<p>Administer it through <code>${url}/api/v1</code> with the operator token;
<a href="/api/v1/openapi.json">the API is described here</a>.</p>
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
