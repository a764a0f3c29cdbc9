import { Button, Field } from '@fluentui/react-components'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** The server takes no larger ones: contract/channels.ts. */
const BYTES_MAX = 64 * 1024
const TYPES = ['image/png', 'image/jpeg', 'image/webp']

type LogoFieldProps = {
  logo: string | null
  isLocked: boolean
  error: string | undefined
  onChange: (logo: string | null) => void
}

/** A small image, shown as it will be. */
export function LogoField({ logo, isLocked, error, onChange }: LogoFieldProps) {
  const { t } = useTranslation()
  const file = useRef<HTMLInputElement>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const take = async (chosen: File | undefined) => {
    if (!chosen) return
    if (!TYPES.includes(chosen.type) || chosen.size > BYTES_MAX) return setRefused(t('channels.logoWrong'))
    setRefused(null)
    onChange(await dataUrlOf(chosen))
  }
  const message = refused ?? error
  return (
    <Field
      label={t('channels.logo')}
      hint={t('channels.logoHint')}
      {...(message !== undefined && { validationState: 'error', validationMessage: message })}
    >
      <div style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
        {logo ? (
          <img src={logo} alt={t('channels.logo')} style={{ maxHeight: 48, maxWidth: 160, objectFit: 'contain' }} />
        ) : (
          <span>{t('channels.noLogo')}</span>
        )}
        {!isLocked && <Button onClick={() => file.current?.click()}>{t('channels.chooseLogo')}</Button>}
        {!isLocked && logo && <Button onClick={() => onChange(null)}>{t('channels.removeLogo')}</Button>}
        <input
          ref={file}
          type="file"
          hidden
          accept={TYPES.join(',')}
          aria-label={t('channels.chooseLogo')}
          onChange={(event) => void take(event.target.files?.[0])}
        />
      </div>
    </Field>
  )
}

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'))
    reader.readAsDataURL(file)
  })
}
