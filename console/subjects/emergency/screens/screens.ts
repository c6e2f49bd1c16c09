import type { SubjectScreens } from '../../../web/src/kit/subjectScreens.ts'

export const emergencyScreens: SubjectScreens = {
  pages: {
    emergency: { words: 'emergency', group: 'now', load: () => import('./EmergencyPage.svelte') },
    drills: {
      words: 'drills',
      group: 'plant',
      icon: 'flame',
      rare: true,
      show: who => who.may('raise-emergency'),
      load: () => import('./DrillsPage.svelte'),
    },
    channels: {
      words: 'channels',
      group: 'site',
      icon: 'megaphone',
      rare: true,
      show: who => who.may('see-settings'),
      load: () => import('./ChannelsPage.svelte'),
    },
  },
  papers: { emergency: () => import('./EmergencySheet.svelte') },
  duties: { 'event-report': () => import('./ReportDraft.svelte') },
  open: { 'on-call': () => import('./OnCallPage.svelte') },
  whileLocked: [() => import('./ReportByHand.svelte')],
}
