import type { Translation } from '../../translate';
import type * as en from '../replay';

export const replayTexts: Translation<typeof en.replayTexts> = {
  replay: 'Repetir',
  title: 'Responder de nuevo a este mensaje',
  hint: 'Los pasos se ejecutan de nuevo con los datos de entonces. No se envía, ni se guarda en la conversación, ni se cambia nada. Las llamadas al modelo cuestan dinero.',
  release: 'Qué responde',
  releases: {
    draft: 'El diseño tal como está editado ahora',
    live: 'El diseño publicado',
    recorded: 'El diseño de entonces',
  },
  start: 'Repetir',
  same: 'La etapa, los campos y la respuesta son iguales.',
  differs: 'Diferente: {parts}',
  parts: { stage: 'Etapa', fields: 'Campos', reply: 'Respuesta' },
  before: 'Respuesta registrada',
  after: 'Respuesta de la repetición',
  noReply: 'Sin respuesta',
  stage: 'Etapa: {name}',
  fields: 'Campos: {fields}',
  releaseNumber: 'Publicación {number, number}',
  draft: 'Borrador',
  changes: 'Qué cambia',
  promptOf: 'Prompt del paso {step}',
  computedNow: 'No registrado, por eso se usaron los datos de hoy: {names}',
  notRecorded: 'Ya no se conoce: {names}',
};
