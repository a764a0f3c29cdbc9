import { Button, type ButtonProps, Tooltip } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { Permission } from '../../contract/permissions.ts'
import { useOperator } from './operator.ts'

/** What the server says of an action: allowed, or why not. */
export type Verdict = { allowed: boolean; reason?: string }

type PermittedButtonProps = Omit<ButtonProps, 'as'> & {
  /** The server's verdict on this very object. */
  verdict?: Verdict | undefined
  /** What the person must hold, where the server sends no verdict. */
  permission?: Permission
}

/** A button that, while one may not, stays reachable and says why not on hover and focus. */
export function PermittedButton({ verdict, permission, ...button }: PermittedButtonProps) {
  const { t } = useTranslation()
  const { can } = useOperator()
  const isMissing = permission !== undefined && !can(permission)
  const reason = isMissing
    ? t('permission.missing', { permission })
    : verdict?.allowed === false
      ? verdict.reason
      : null
  if (reason === null) return <Button {...(button as ButtonProps)} />
  return (
    <Tooltip content={reason ?? t('permission.notNow')} relationship="description">
      <Button {...(button as ButtonProps)} disabledFocusable />
    </Tooltip>
  )
}
