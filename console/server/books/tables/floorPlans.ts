import type { Tables } from '#store/makeTables'

/** Since 0014: where on the plan of its floor a device stands, or one point of it, such as a detector of a panel. */
export const floorPlanTables = {
  floor_spot: {
    columns: {
      floor: 'text',
      /** A device's id, or device/point. */
      ref: 'text',
      /** From left and from top, in ten-thousandths of the picture. */
      x: 'int',
      y: 'int',
    },
    key: ['floor', 'ref'],
  },
} as const satisfies Tables
