/** A mail in sections, of which plain text and HTML are made. Nothing in it is markup. */
export type MailDraft = {
  sections: { title: string; lines: { text: string; detail?: string; url?: string }[]; more?: string }[]
  foot: string
  footUrl: string
}

/** Plain text: every address in full. */
export function plainText({ sections, foot, footUrl }: MailDraft): string {
  const parts = sections.map(({ title, lines, more }) =>
    [
      title,
      '',
      ...lines.flatMap(({ text, detail, url }) => [
        `- ${text}${detail ? `: ${detail}` : ''}`,
        ...(url ? [`  ${url}`] : []),
      ]),
      ...(more ? [`  ${more}`] : []),
    ].join('\n'),
  )
  return `${parts.join('\n\n')}\n\n-- \n${foot}\n${footUrl}\n`
}

/** The same as HTML: everything escaped, nothing loaded from anywhere. */
export function htmlText({ sections, foot, footUrl }: MailDraft): string {
  const parts = sections.map(({ title, lines, more }) => {
    const items = lines.map(({ text, detail, url }) => {
      const name = url ? `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>` : escapeHtml(text)
      return `<li>${name}${detail ? `: ${escapeHtml(detail)}` : ''}</li>`
    })
    return `<h2 style="font-size:16px">${escapeHtml(title)}</h2><ul>${items.join('')}</ul>${more ? `<p>${escapeHtml(more)}</p>` : ''}`
  })
  const end = `<p style="color:#616161;font-size:12px">${escapeHtml(foot)} <a href="${escapeHtml(footUrl)}">${escapeHtml(footUrl)}</a></p>`
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body style="font-family:sans-serif">${parts.join('')}${end}</body></html>`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
