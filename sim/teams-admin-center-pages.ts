import { readFileSync } from 'node:fs'
import type { Exchange, Reply } from './http-exchange.ts'

const FOLDER = new URL('./teams-admin-center/', import.meta.url)

const FILES: Readonly<Record<string, { file: string; type: string }>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/teams-admin-center.css': { file: 'teams-admin-center.css', type: 'text/css; charset=utf-8' },
  '/icon.svg': { file: 'icon.svg', type: 'image/svg+xml' },
  '/admin-center.js': { file: 'admin-center.js', type: 'text/javascript; charset=utf-8' },
  '/control-client.js': { file: 'control-client.js', type: 'text/javascript; charset=utf-8' },
  '/dom.js': { file: 'dom.js', type: 'text/javascript; charset=utf-8' },
  '/operators-page.js': { file: 'operators-page.js', type: 'text/javascript; charset=utf-8' },
  '/consents-page.js': { file: 'consents-page.js', type: 'text/javascript; charset=utf-8' },
  '/address-panel.js': { file: 'address-panel.js', type: 'text/javascript; charset=utf-8' },
  '/mailbox-page.js': { file: 'mailbox-page.js', type: 'text/javascript; charset=utf-8' },
  '/sbcs-page.js': { file: 'sbcs-page.js', type: 'text/javascript; charset=utf-8' },
  '/trouble-page.js': { file: 'trouble-page.js', type: 'text/javascript; charset=utf-8' },
  '/webhooks-page.js': { file: 'webhooks-page.js', type: 'text/javascript; charset=utf-8' },
  '/traffic-page.js': { file: 'traffic-page.js', type: 'text/javascript; charset=utf-8' },
}

/** The page on which a person plays the customer, and its parts. Everything comes from here: no outside request. */
export function answerPage(exchange: Exchange): Reply | undefined {
  const entry = FILES[exchange.url.pathname]
  if (entry === undefined || (exchange.method !== 'GET' && exchange.method !== 'HEAD')) return undefined
  return {
    status: 200,
    headers: {
      'content-type': entry.type,
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'",
      'x-content-type-options': 'nosniff',
    },
    body: readFileSync(new URL(entry.file, FOLDER)),
  }
}
