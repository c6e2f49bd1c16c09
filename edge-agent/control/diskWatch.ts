import type { JournalState } from '#contract/messages'
import type { EdgeMemory, Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'
import type { Watch } from './watch.ts'

const journalAlarm = 'system/journal'
const diskAlarm = 'system/disk'
const fillAlarms = 0.8
const fillClears = 0.7

type Options = {
  memory: EdgeMemory
  stands(key: string): boolean
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}

/** How full the agent's store is: said at 80 %, while there is still time, and taken back at 70 %. */
export class DiskWatch implements Watch {
  readonly #o: Options
  readonly keys = [journalAlarm, diskAlarm]
  #fill = 0

  constructor(o: Options) {
    this.#o = o
  }

  get state(): JournalState {
    const { journalId, last, acked, full } = this.#o.memory
    return { id: journalId, last, acked, fill: this.#fill, full }
  }

  async slow(): Promise<Effect[]> {
    const { memory, stands, setAlarm } = this.#o
    this.#fill = await memory.fill().catch(() => 1)
    const percent = Math.round(this.#fill * 100)
    const filling = { zh: `边缘代理日志已用 ${percent}%`, en: `Edge agent's journal is ${percent} % full` }
    const stuck = { zh: '边缘代理磁盘写不进，记录暂存内存', en: "Edge agent's disk takes nothing; records wait in memory" }
    const common = { kind: 'system' as const, device: null, place: null }
    const high = this.#fill >= (stands(journalAlarm) ? fillClears : fillAlarms)
    return [
      ...setAlarm({ key: journalAlarm, level: 3, name: filling, ...common }, high),
      // A disk that takes nothing is another matter than one that fills.
      ...setAlarm({ key: diskAlarm, level: 2, name: stuck, ...common }, memory.full),
    ]
  }
}
