import { createDOMRenderer, FluentProvider, RendererProvider } from '@fluentui/react-components'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { createQueryClient } from '../api/queries.ts'
import { createPortalRouter } from '../routes.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { SessionEndedDialog } from './session-ended-dialog.tsx'
import { useTheme } from './theme.ts'

// The policy of the page lets only styles with this nonce in.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce
const renderer = createDOMRenderer(document, nonce ? { styleElementAttributes: { nonce } } : {})

/** The whole portal: theme, answers of the API, addresses. */
export function Portal() {
  const [client] = useState(createQueryClient)
  const [router] = useState(() => createPortalRouter(client))
  const { theme, kind } = useTheme()
  useEffect(() => {
    document.documentElement.style.colorScheme = kind === 'light' ? 'light' : 'dark'
    document.documentElement.style.background = theme.colorNeutralBackground3
    // High contrast marks what the mouse is on by a color that only its own text color can be read on; our lists keep theirs.
    document.documentElement.style.setProperty('--plain-hover', kind === 'contrast' ? '#383838' : null)
  }, [kind, theme])
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <FluentProvider theme={theme}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
          <SessionEndedDialog />
          <Toasts />
        </QueryClientProvider>
      </FluentProvider>
    </RendererProvider>
  )
}
