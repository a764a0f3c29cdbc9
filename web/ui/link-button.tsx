import { Button, type ButtonProps } from '@fluentui/react-components'
import { createLink } from '@tanstack/react-router'
import { type AnchorHTMLAttributes, forwardRef } from 'react'

type AnchorProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'type'> &
  Pick<ButtonProps, 'appearance' | 'icon' | 'size'>

const Anchor = forwardRef<HTMLAnchorElement, AnchorProps>(function Anchor(props, ref) {
  return <Button as="a" {...(props as object)} ref={ref as never} />
})

/** A link to a page of the portal that looks like a button. */
export const LinkButton = createLink(Anchor)
