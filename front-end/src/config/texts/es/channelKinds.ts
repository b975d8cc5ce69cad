import type { Translation } from '../../translate';
import type * as en from '../channelKinds';

export const channelKinds: Translation<typeof en.channelKinds> = {
  names: {
    email: 'Correo electrónico',
    generic: 'Webhook genérico',
    instagram: 'Instagram',
    messenger: 'Messenger',
    telegram: 'Telegram',
    whatsapp: 'WhatsApp',
    widget: 'Widget de chat',
  },
  choices: {
    left: 'Izquierda',
    right: 'Derecha',
    starttls: 'STARTTLS',
    tls: 'TLS',
  },
  fields: {
    meta: {
      human_agent: {
        title: 'Las personas pueden responder durante siete días',
        hint: 'Actívelo si Meta ha aprobado la función “Human Agent” para su aplicación. Si no, las personas, igual que el asistente, pueden responder hasta 24 horas después del último mensaje del cliente.',
      },
      access_token: {
        title: 'Token de acceso',
        hint: 'Con él se envían sus mensajes. Cree uno que no caduque, con un usuario del sistema de su portfolio empresarial.',
      },
      app_secret: {
        title: 'Clave secreta de la aplicación',
        hint: 'Demuestra que las solicitudes proceden de Meta. En la configuración de la aplicación, en “Básica”.',
      },
      verify_token: {
        title: 'Token de verificación',
        hint: 'Introdúzcalo en la configuración de webhooks de la aplicación, junto con la URL del canal.',
      },
    },
    email: {
      address: {
        title: 'Dirección',
        hint: 'Los clientes escriben a esta dirección, y desde ella se envían las respuestas.',
      },
      sender_name: {
        title: 'Nombre del remitente',
        hint: 'Se muestra con la dirección, por ejemplo el nombre de su empresa.',
      },
      subject: {
        title: 'Asunto de los correos nuevos',
        hint: 'Se usa si el correo del cliente no tiene asunto.',
      },
      user: {
        title: 'Nombre de usuario',
        hint: 'Del buzón, para IMAP y SMTP. Suele ser la dirección, que se usa si se deja vacío.',
      },
      smtp_host: {
        title: 'Servidor SMTP',
        hint: 'Envía las respuestas. Por ejemplo, smtp.example.com.',
      },
      smtp_port: {
        title: 'Puerto SMTP',
        hint: '587 para STARTTLS, 465 para TLS.',
      },
      smtp_security: {
        title: 'Cifrado de SMTP',
        hint: 'Cómo se cifra la conexión.',
      },
      imap_host: {
        title: 'Servidor IMAP',
        hint: 'Recibe los correos. Déjelo vacío si, en su lugar, un proveedor envía los correos a la URL del webhook.',
      },
      imap_port: {
        title: 'Puerto IMAP',
        hint: '993 para TLS, 143 para STARTTLS.',
      },
      imap_security: {
        title: 'Cifrado de IMAP',
        hint: 'Cómo se cifra la conexión.',
      },
      imap_folder: {
        title: 'Carpeta',
        hint: 'Se responden los correos de esta carpeta.',
      },
      authentication_server: {
        title: 'Servidor que comprueba los remitentes',
        hint: 'El nombre que aparece al principio del encabezado Authentication-Results de los correos que recibe, por ejemplo mx.google.com. Si lo indica, solo se responden los correos cuyo remitente este servidor haya considerado auténtico.',
      },
      password: {
        title: 'Contraseña',
        hint: 'Del buzón, para IMAP y SMTP. Muchos proveedores exigen una contraseña de aplicación.',
      },
      webhook_password: {
        title: 'Contraseña del webhook',
        hint: 'El proveedor que envía correos a la URL del webhook la usa como contraseña de la autenticación HTTP Basic.',
      },
    },
    generic: {
      url: {
        title: 'URL para las respuestas',
        hint: 'Adonde ICMP envía cada respuesta con una solicitud POST.',
      },
      signing_secret: {
        title: 'Secreto de firma',
        hint: 'Firma las solicitudes en ambos sentidos. Introdúzcalo en su biblioteca de Standard Webhooks.',
      },
    },
    instagram: {
      instagram_account_id: {
        title: 'ID de la cuenta de Instagram',
        hint: 'El ID de la cuenta profesional en la configuración de la aplicación, en Messenger, Configuración de Instagram. No es el nombre de usuario.',
      },
      page_id: {
        title: 'ID de la página',
        hint: 'El ID de la página de Facebook a la que está vinculada la cuenta.',
      },
    },
    messenger: {
      page_id: {
        title: 'ID de la página',
        hint: 'El ID de su página de Facebook, en su configuración, en “Transparencia de la página”.',
      },
    },
    telegram: {
      bot_token: {
        title: 'Token del bot',
        hint: '@BotFather se lo envía cuando crea el bot.',
      },
      webhook_secret: {
        title: 'Secreto del webhook',
        hint: 'Telegram lo envía con cada solicitud. Use solo letras sin tilde, cifras, - y _.',
      },
    },
    whatsapp: {
      phone_number_id: {
        title: 'ID del número de teléfono',
        hint: 'El ID que aparece debajo del número en la configuración de la aplicación, en WhatsApp, Configuración de la API. No es el número en sí.',
      },
      ratings: {
        title: 'Valoraciones',
        hint: 'Las respuestas llevan los botones 👍 y 👎, salvo que tengan otros botones o más de 1024 caracteres.',
      },
    },
    widget: {
      allowed_origins: {
        title: 'Sitios web',
        hint: 'Las direcciones de los sitios web que muestran el widget, por ejemplo https://www.example.com, o https://*.example.com para todos sus subdominios. Los demás sitios web no pueden usarlo.',
      },
      color: {
        title: 'Color',
        hint: 'El color del botón y de los mensajes del visitante.',
      },
      position: {
        title: 'Posición',
        hint: 'La esquina de la página en la que está el botón.',
      },
      languages: {
        title: 'Idiomas',
        hint: 'Los idiomas del widget, como etiquetas del tipo de. Los visitantes con otro idioma ven el primero. Si no indica ninguno, el widget usa el idioma de la página.',
      },
      title: {
        title: 'Título',
        hint: 'En la parte superior de la ventana. Si no lo indica, el nombre del canal.',
      },
      greeting: {
        title: 'Saludo',
        hint: 'Lo que ven los visitantes antes de escribir algo.',
      },
      starters: {
        title: 'Mensajes iniciales',
        hint: 'Mensajes que los visitantes pueden enviar con un clic.',
      },
      away_message: {
        title: 'Mensaje de ausencia',
        hint: 'Se muestra fuera del horario de atención. Si no lo indica, el widget dice cuándo vuelve el equipo.',
      },
      ratings: {
        title: 'Valoraciones',
        hint: 'Los visitantes pueden valorar cada respuesta como buena o mala, y la conversación cuando ha terminado.',
      },
      identity_secret: {
        title: 'Secreto de identidad',
        hint: 'Con él, su servidor firma las identidades de los clientes que han iniciado sesión.',
      },
    },
  },
};
