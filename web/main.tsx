import './page.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Portal } from './shell/portal.tsx'
import { loadWords } from './words/words.ts'

const element = document.getElementById('portal')
if (!element) throw new Error('index.html has no element #portal.')
await loadWords()
createRoot(element).render(
  <StrictMode>
    <Portal />
  </StrictMode>,
)
