/** Texts of the replay of an answer. */

import { translator } from '../translate';

const translate = translator(import.meta.glob('./{de,es,ar}/replay.ts'));

export const replayTexts = translate('replayTexts', {
  replay: 'Replay',
  title: 'Answer this message again',
  hint: 'The steps run again with the data of that time. Nothing is sent, stored in the conversation or changed. The calls to the model cost money.',
  release: 'What answers',
  releases: {
    draft: 'The design as edited now',
    live: 'The live design',
    recorded: 'The design of that time',
  },
  start: 'Replay',
  same: 'The stage, the fields and the reply are the same.',
  differs: 'Different: {parts}',
  parts: { stage: 'Stage', fields: 'Fields', reply: 'Reply' },
  before: 'Recorded answer',
  after: 'Answer of the replay',
  noReply: 'No reply',
  stage: 'Stage: {name}',
  fields: 'Fields: {fields}',
  releaseNumber: 'Release {number, number}',
  draft: 'Draft',
  changes: 'What differs',
  promptOf: 'Prompt of the step {step}',
  computedNow: 'Not recorded, so today’s data was used: {names}',
  notRecorded: 'No longer known: {names}',
});
