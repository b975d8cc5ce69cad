import type { Translation } from '../../translate';
import type * as en from '../budget';

export const budgetTexts: Translation<typeof en.budgetTexts> = {
  title: 'Presupuesto',
  description:
    'Cuánto pueden costar las respuestas y qué ocurre cuando se alcanza un límite. Todos los importes están en dólares estadounidenses.',
  usage: 'Gasto hasta ahora',
  usageHint:
    'Lo que han costado las llamadas a modelos. Los días y los meses son los de la zona horaria {zone}. Los turnos en curso se cuentan cuando terminan.',
  day: 'Hoy',
  month: 'Este mes',
  ofLimit: '{spent} de {limit} ({share, number, ::percent})',
  noLimit: '{spent}, sin límite',
  unpriced:
    '{n, plural, one {No se conoce el coste de # llamada de este mes, porque su modelo no tiene precio.} other {No se conoce el coste de # llamadas de este mes, porque sus modelos no tienen precio.}}',
  unpricedModels:
    'Estos modelos no tienen precio, por lo que sus llamadas no se cuentan: {models}. Introduzca sus precios más abajo.',
  limits: 'Límites',
  limitsHint:
    'Antes de cada respuesta se reserva su coste estimado. Las respuestas que se están escribiendo cuando se alcanza un límite se terminan. Los webhooks reciben un evento al 50, 80 y 100 por ciento.',
  fields: {
    per_day: {
      label: 'Límite por día',
      hint: 'Vacío: sin límite.',
    },
    per_month: {
      label: 'Límite por mes',
      hint: 'Vacío: sin límite.',
    },
    per_customer_day: {
      label: 'Límite por cliente y día',
      hint: 'Solo afecta al cliente que lo alcanza. Vacío: sin límite.',
    },
  },
  whenReached: 'Cuando se alcanza un límite',
  choices: {
    cheaper_model: {
      title: 'Responde un modelo más barato',
      hint: 'Hasta que se gasta también el importe adicional. Después se envían respuestas fijas.',
    },
    fixed_reply: {
      title: 'Se envían respuestas fijas',
      hint: 'La respuesta fija de la etapa. Si no hay ninguna, responde una persona.',
    },
    person: {
      title: 'Responde una persona',
      hint: 'Se transfiere cada conversación en la que escribe un cliente.',
    },
  },
  cheaperModel: 'Modelo más barato',
  cheaperModelHint: 'Responde para todas las plantillas. Su precio debe conocerse.',
  cheaperPercent: 'Importe adicional (%)',
  cheaperPercentHint:
    'Cuánto más que el límite puede costar el modelo más barato, en porcentaje del límite. Vacío: 20.',
  prices: 'Precios',
  pricesHint:
    'Dólares por millón de tokens. Los precios de modelos conocidos están incluidos, a fecha de {date}. Introduzca los precios de otros modelos, o los que haya acordado con su proveedor.',
  price: {
    model: 'Modelo',
    prompt: 'Prompt',
    cached_prompt: 'Prompt en caché',
    completion: 'Respuesta',
  },
  priceHint: 'Precio incluido: {prompt} para prompts y {completion} para respuestas.',
  cachedHint: 'Vacío: como los demás prompts.',
  pricesOf: 'Precios de {model}',
  newModel: 'un modelo nuevo',
  addPrice: 'Añadir un precio',
  removePrice: 'Quitar',
  noOwnPrices: 'No hay precios propios.',
};
