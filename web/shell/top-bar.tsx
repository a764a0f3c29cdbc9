import { Link } from '@tanstack/react-router'
import { Bell } from '../features/notices/bell.tsx'
import iconUrl from '../icon.svg'
import { paths } from '../paths.ts'
import styles from './frame.module.css'
import { OperatorSwitch } from './operator-switch.tsx'
import { PaletteButton } from './palette-button.tsx'
import { PersonMenu } from './person-menu.tsx'

export function TopBar() {
  return (
    <div className={styles.bar}>
      <Link to={paths.home} className={`${styles.brand}`} aria-label="Leadline">
        <img src={iconUrl} alt="" />
        <span>Leadline</span>
      </Link>
      <OperatorSwitch />
      <div className={styles.space} />
      <PaletteButton />
      <Bell />
      <PersonMenu />
    </div>
  )
}
