import type { Translation } from '../../translate';
import type * as en from '../cannedReplies';

export const cannedReplies: Translation<typeof en.cannedReplies> = {
  title: 'Respuestas rápidas',
  description: 'Textos que su equipo inserta en los mensajes. En la bandeja de entrada, escriba / y el atajo.',
  new: 'Nueva respuesta rápida',
  edit: 'Editar “{title}”',
  delete: 'Eliminar “{title}”',
  deleteTitle: '¿Eliminar “{title}”?',
  deleteHint: 'Los mensajes que se escribieron con ella se conservan.',
  shortcut: 'Atajo',
  shortcutHint: 'Por ejemplo, “horario”, que se inserta con /horario.',
  replyTitle: 'Título',
  content: 'Texto',
  contentHint:
    "Escriba '{' para insertar una variable. Se sustituye por el valor de la conversación al insertar el texto.",
  needed: 'Este campo es obligatorio.',
  empty: 'Todavía no hay respuestas rápidas',
  emptyHint: 'Escriba lo que su equipo responde a menudo, como el horario de atención o cómo devolver un artículo.',
  emptyHintReadOnly: 'Los agentes y los propietarios pueden crearlas.',
  noMatch: 'Ninguna respuesta rápida coincide con su búsqueda',
};
