import type { PageName, Screen } from './kit/screen.ts'

/**
 * Every page that is not the list of a procedure, by the first part of its path: router, navigation and pages derive from here and
 * from what the subjects add (subjects/screens.ts). Pages are loaded when they are first shown.
 */
export const screens: Readonly<Record<PageName, Screen>> = {
  today: { words: 'today', group: 'now', icon: 'calendarCheck', load: () => import('./pages/TodayPage.svelte') },
  overview: { words: 'overview', group: 'now', icon: 'building', load: () => import('./pages/OverviewPage.svelte') },
  call: {
    words: 'call',
    group: 'now',
    icon: 'phone',
    show: who => who.may('see-tenants') && who.may('plan-visits'),
    load: () => import('./pages/CallPage.svelte'),
  },
  alarms: { words: 'alarms', group: 'now', icon: 'bell', load: () => import('./alarms/AlarmsPage.svelte') },
  devices: { words: 'devices', group: 'plant', icon: 'cpu', load: () => import('./pages/DevicesPage.svelte') },
  engineering: {
    words: 'engineering',
    group: 'plant',
    icon: 'network',
    show: who => who.may('see-engineering'),
    load: () => import('./pages/EngineeringPage.svelte'),
  },
  demo: {
    words: 'demo',
    group: 'plant',
    icon: 'gamepad',
    show: who => who.mayRunDemo,
    load: () => import('./pages/DemoPage.svelte'),
  },
  registers: { words: 'registers', group: 'shift', icon: 'book', last: true, load: () => import('./pages/RegistersPage.svelte') },
  calendar: {
    words: 'calendar',
    group: 'shift',
    icon: 'calendar',
    last: true,
    master: 4,
    load: () => import('./pages/CalendarPage.svelte'),
  },
  search: { words: 'search', group: 'site', icon: 'search', load: () => import('./pages/SearchPage.svelte') },
  settings: {
    words: 'settings',
    group: 'site',
    icon: 'settings',
    show: who => who.may('see-settings'),
    load: () => import('./pages/SettingsPage.svelte'),
  },
  staff: {
    words: 'staff',
    group: 'site',
    icon: 'idCard',
    master: 1,
    show: who => who.may('manage-people'),
    load: () => import('./pages/StaffPage.svelte'),
  },
  tenants: {
    words: 'tenants',
    group: 'site',
    icon: 'keyRound',
    rare: true,
    master: 2,
    show: who => who.may('see-tenants'),
    load: () => import('./pages/TenantsPage.svelte'),
  },
  'moving-in': {
    words: 'movingIn',
    group: 'site',
    icon: 'truck',
    rare: true,
    show: who => who.may('see-settings'),
    load: () => import('./pages/MovingInPage.svelte'),
  },
  audit: {
    words: 'audit',
    group: 'site',
    icon: 'scroll',
    rare: true,
    show: who => who.may('see-audit'),
    load: () => import('./pages/AuditPage.svelte'),
  },
  case: { words: 'search', load: () => import('./pages/CaseByIdPage.svelte') },
  form: { words: 'form', load: () => import('./pages/FormPage.svelte') },
  report: { words: 'report', load: () => import('./pages/ReportPage.svelte') },
  password: { words: 'password', load: () => import('./pages/PasswordPage.svelte') },
  sheet: { words: 'sheet', load: () => import('./pages/RegisterSheetPage.svelte') },
}
