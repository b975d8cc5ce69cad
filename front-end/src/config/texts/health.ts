/** Texts of the health page. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/health.ts'));

export const health = translate('health', {
  title: 'System health',
  description: 'The status of the services that ICMP depends on.',
  server: 'Server',
  database: 'Database',
  model: 'Language model',
  ok: 'Available',
  down: 'Not responding',
  modelStates: {
    ok: 'Available',
    degraded: 'Some calls fail',
    down: 'Not answering',
    none: 'Not connected',
    unknown: 'Not used in the last ten minutes',
  },
  since: 'Since {time}:',
  roundTrip: 'Round trip',
  version: 'Version: {version}',
  checked: 'Last checked: {time}',
  checkNow: 'Check now',
  interval: 'Checked every 10 seconds.',
  docs: 'API documentation',
});
