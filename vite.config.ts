import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type IndexHtmlTransformContext, type Plugin } from 'vite'

/** Replaced by a fresh nonce in every answer: server/platform/http/portal-routes.ts. */
const NONCE_PLACEHOLDER = 'leadline-nonce'

// The portal: `vite build` writes web/dist, `vite` serves it while working, with the API of a server that runs beside it.
const server = `http://127.0.0.1:${process.env.LEADLINE_HTTP_PORT ?? 8080}`
const passed = ['/api', '/docs', '/openapi.json', '/health'].map((path) => [path, { target: server }])

/** Packs each file once, as small as it gets, so that the server has nothing to do but send it. */
function pack(): Plugin {
  const brotli = promisify(brotliCompress)
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }
  return {
    name: 'pack',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const assets = join(dir, 'assets')
      for (const file of await readdir(assets)) {
        if (!/\.(js|css|svg)$/.test(file)) continue
        const content = await readFile(join(assets, file))
        if (content.length > 1_024) await writeFile(join(assets, `${file}.br`), await brotli(content, options))
      }
    },
  }
}

type Bundled = Extract<NonNullable<IndexHtmlTransformContext['chunk']>, { type: 'chunk' }>

/** Lets the first questions to the server, and the code of the first page, come along with the code of the portal. */
function early(): Plugin {
  const [asking, firstPage] = ['web/early.ts', 'web/features/leads/leads-page.tsx']
  return {
    name: 'early',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((file): file is Bundled => file.type === 'chunk')
        const chunkOf = (source: string) => {
          const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${source}`))
          if (!chunk) throw new Error(`${source} has become no file of its own`)
          return chunk
        }
        // A file of its own, by the group "asking": it must not wait for other code.
        const first = chunks.find(({ moduleIds }) => moduleIds.length === 1 && moduleIds[0]?.endsWith(`/${asking}`))
        if (!first) throw new Error(`${asking} waits for other code`)
        const page = chunkOf(firstPage)
        const files = [page.fileName, ...page.imports].filter((name) => !html.includes(name))
        const styles = files.flatMap((name) => [
          ...(chunks.find((one) => one.fileName === name)?.viteMetadata?.importedCss ?? []),
        ])
        return [
          {
            tag: 'script',
            attrs: { type: 'module', async: true, src: `/${first.fileName}` },
            injectTo: 'head-prepend',
          },
          ...files.map((name) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', href: `/${name}` },
            injectTo: 'head' as const,
          })),
          ...styles.map((name) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'style', href: `/${name}` },
            injectTo: 'head' as const,
          })),
        ]
      },
    },
  }
}

/** What the first page does without. */
const LATE =
  /\/@fluentui\/react-(combobox|select|switch|badge|textarea|accordion)\/|\/@fluentui\/react-aria\/.*activedescendant|\/web\/(ui\/mail-text-fields|api\/(mail-templates|lead-mails|mail|licenses|services|sbcs)\.|shell\/(advanced-|lc-customer-choice|followed-task|task-view|delete-service|service-|use-service))/
/** Words that come late need i18next to be there before them, and stay with whoever brings them. */
const LATE_WORDS = /\/web\/words\/en-/

export default defineConfig({
  root: 'web',
  plugins: [react(), early(), pack()],
  html: { cspNonce: NONCE_PLACEHOLDER },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // Everything is a file of its own: the policy of the page allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What three pages or more need is one file, not thirty: each file is a round trip on a slow line. What forms and
          // dialogs share comes with the first of them, not with the first page.
          groups: [
            { name: 'asking', test: /\/web\/early\.ts$/, priority: 1 },
            { name: 'shared', minShareCount: 3, test: (id) => !LATE.test(id) && !LATE_WORDS.test(id) },
            { name: 'forms', minShareCount: 3, test: LATE },
          ],
        },
      },
    },
  },
  server: { proxy: Object.fromEntries(passed) },
})
