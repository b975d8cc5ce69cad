import type { Translation } from '../../translate';
import type * as en from '../health';

export const health: Translation<typeof en.health> = {
  title: '', // System health
  description: '', // The status of the services that ICMP depends on.
  server: '', // Server
  database: '', // Database
  model: '', // Language model
  ok: '', // Available
  down: '', // Not responding
  modelStates: {
    ok: '', // Available
    degraded: '', // Some calls fail
    down: '', // Not answering
    none: '', // Not connected
    unknown: '', // Not used in the last ten minutes
  },
  since: '', // Since
  roundTrip: '', // Round trip
  version: '', // Version
  checked: '', // Last checked
  checkNow: '', // Check now
  interval: '', // Checked every 10 seconds.
  docs: '', // API documentation
};
