import { Button, Tooltip } from '@fluentui/react-components'
import { DataBarVerticalRegular } from '@fluentui/react-icons/svg/data-bar-vertical'
import { TableRegular } from '@fluentui/react-icons/svg/table'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './charts.module.css'

type CardProps = { title: string; text?: ReactNode; actions?: ReactNode; className?: string; children: ReactNode }

/** One question of a page, and its answer. */
export function Card({ title, text, actions, className = '', children }: CardProps) {
  const id = useId()
  return (
    <section className={`${styles.card} ${className}`} aria-labelledby={id}>
      <header className={styles.cardHead}>
        <div>
          <h2 id={id}>{title}</h2>
          {text && <p>{text}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  )
}

type ChartCardProps = Omit<CardProps, 'actions' | 'children'> & { chart: ReactNode; table: ReactNode }

/** A picture that can be read as a table as well. */
export function ChartCard({ chart, table, ...card }: ChartCardProps) {
  const { t } = useTranslation()
  const [isTable, setIsTable] = useState(false)
  const label = t(isTable ? 'chart.asPicture' : 'chart.asTable', { title: card.title })
  return (
    <Card
      {...card}
      actions={
        <Tooltip content={label} relationship="label">
          <Button
            appearance="subtle"
            size="small"
            icon={isTable ? <DataBarVerticalRegular fontSize={18} /> : <TableRegular fontSize={18} />}
            onClick={() => setIsTable(!isTable)}
          />
        </Tooltip>
      }
    >
      {isTable ? table : chart}
    </Card>
  )
}
