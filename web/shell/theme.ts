import { type Theme, teamsDarkTheme, teamsHighContrastTheme, teamsLightTheme } from '@fluentui/react-components'
import { useSyncExternalStore } from 'react'
import { useWatched, Watched } from '../ui/watched.ts'

export const themeChoices = ['system', 'light', 'dark', 'contrast'] as const
export type ThemeChoice = (typeof themeChoices)[number]

const KEY = 'leadline.theme'
const choice = new Watched<ThemeChoice>(stored())

/** Read once: a browser may refuse to keep anything. */
function stored(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY)
    return themeChoices.find((one) => one === kept) ?? 'system'
  } catch {
    return 'system'
  }
}

export function useThemeChoice(): [ThemeChoice, (choice: ThemeChoice) => void] {
  return [useWatched(choice), choose]
}

function choose(next: ThemeChoice): void {
  choice.set(next)
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // It then holds until the page is closed.
  }
}

const dark = matchMedia('(prefers-color-scheme: dark)')
const contrast = matchMedia('(forced-colors: active), (prefers-contrast: more)')

function watchSystem(watcher: () => void): () => void {
  for (const query of [dark, contrast]) query.addEventListener('change', watcher)
  return () => {
    for (const query of [dark, contrast]) query.removeEventListener('change', watcher)
  }
}

const systemTheme = () => (contrast.matches ? 'contrast' : dark.matches ? 'dark' : 'light')

// Fluent's own stack ends in whatever the system calls sans-serif, which on Linux is far too wide for dense lists.
const fontFamilyBase =
  "'Country Flags', 'Segoe UI', 'Segoe UI Web (West European)', -apple-system, BlinkMacSystemFont, Roboto, 'Helvetica Neue', Arial, sans-serif"

// Grey on grey of the original is just below the contrast that small text needs (4.5 to 1).
const darkerGrey = { colorNeutralForeground3: '#5a5a5a', colorNeutralForeground4: '#636363' }
const themes: Record<'light' | 'dark' | 'contrast', Theme> = {
  light: { ...teamsLightTheme, ...darkerGrey, fontFamilyBase },
  dark: { ...teamsDarkTheme, fontFamilyBase },
  contrast: { ...teamsHighContrastTheme, fontFamilyBase },
}

/** The theme to draw in, and its kind. */
export function useTheme(): { theme: Theme; kind: 'light' | 'dark' | 'contrast' } {
  const chosen = useWatched(choice)
  const system = useSyncExternalStore(watchSystem, systemTheme)
  const kind = chosen === 'system' ? system : chosen
  return { theme: themes[kind], kind }
}
