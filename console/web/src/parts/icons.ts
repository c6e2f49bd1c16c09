import Bell from '@lucide/svelte/icons/bell'
import BookOpen from '@lucide/svelte/icons/book-open'
import Building from '@lucide/svelte/icons/building-2'
import CalendarCheck from '@lucide/svelte/icons/calendar-check'
import CalendarDays from '@lucide/svelte/icons/calendar-days'
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check'
import Clock from '@lucide/svelte/icons/clock'
import Cpu from '@lucide/svelte/icons/cpu'
import DoorOpen from '@lucide/svelte/icons/door-open'
import FileText from '@lucide/svelte/icons/file-text'
import Flame from '@lucide/svelte/icons/flame-kindling'
import Gamepad2 from '@lucide/svelte/icons/gamepad-2'
import Hand from '@lucide/svelte/icons/hand'
import HeartHandshake from '@lucide/svelte/icons/heart-handshake'
import IdCard from '@lucide/svelte/icons/id-card'
import JapaneseYen from '@lucide/svelte/icons/japanese-yen'
import KeyRound from '@lucide/svelte/icons/key-round'
import MapIcon from '@lucide/svelte/icons/map'
import Megaphone from '@lucide/svelte/icons/megaphone'
import MessageSquareWarning from '@lucide/svelte/icons/message-square-warning'
import Network from '@lucide/svelte/icons/network'
import Phone from '@lucide/svelte/icons/phone'
import ScrollText from '@lucide/svelte/icons/scroll-text'
import Search from '@lucide/svelte/icons/search'
import Settings from '@lucide/svelte/icons/settings-2'
import Siren from '@lucide/svelte/icons/siren'
import Truck from '@lucide/svelte/icons/truck'
import UserCheck from '@lucide/svelte/icons/user-check'
import Users from '@lucide/svelte/icons/users'
import Wrench from '@lucide/svelte/icons/wrench'
import type { ScreenIcon } from '#api/screens'
import type { ScreenPicture } from '../kit/screen.ts'

/** The pictures of the navigation. */
export const icons: Readonly<Record<ScreenIcon | ScreenPicture, typeof Bell>> = {
  bell: Bell,
  book: BookOpen,
  building: Building,
  calendar: CalendarDays,
  calendarCheck: CalendarCheck,
  clipboard: ClipboardCheck,
  clock: Clock,
  cpu: Cpu,
  door: DoorOpen,
  gamepad: Gamepad2,
  hand: Hand,
  flame: Flame,
  map: MapIcon,
  userCheck: UserCheck,
  megaphone: Megaphone,
  heart: HeartHandshake,
  idCard: IdCard,
  keyRound: KeyRound,
  message: MessageSquareWarning,
  network: Network,
  paper: FileText,
  phone: Phone,
  scroll: ScrollText,
  search: Search,
  settings: Settings,
  siren: Siren,
  truck: Truck,
  users: Users,
  wrench: Wrench,
  yen: JapaneseYen,
}
