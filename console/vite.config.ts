import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** What the server answers itself; everything else is the console. */
const SERVER = ['/api', '/sign-in', '/sign-out', '/setup', '/saml', '/sso', '/scim', '/oauth']

// Vite asks for a default export.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/www',
    emptyOutDir: true,
    target: 'es2022',
    // A font or picture in a data: address would need a looser policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: Object.fromEntries(SERVER.map((path) => [path, 'http://localhost:3000'])) },
})
