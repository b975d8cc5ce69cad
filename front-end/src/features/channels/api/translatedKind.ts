import { channelKinds } from '@/config/texts/channelKinds';
import type { ChannelKind } from '@/lib/types';

interface FieldTexts {
  title: string;
  hint: string;
}

const KINDS_OF_META = new Set(['instagram', 'messenger', 'whatsapp']);

/** A kind of channel with its texts in the language of the user. Where there is no translation, as for the kinds that
 * others have added, the texts are those of the server. */
export function translatedKind(kind: ChannelKind): ChannelKind {
  const names: Record<string, string> = channelKinds.names;
  const all: Record<string, Record<string, FieldTexts>> = channelKinds.fields;
  const fields: Record<string, FieldTexts> = {
    ...(KINDS_OF_META.has(kind.name) ? channelKinds.fields.meta : {}),
    ...all[kind.name],
  };
  const translated = <Field extends object>(name: string, field: Field) => {
    const own = fields[name];
    return own ? { ...field, title: own.title, description: own.hint } : field;
  };
  const properties = (kind.settings_schema['properties'] ?? {}) as Record<string, object>;
  return {
    ...kind,
    title: names[kind.name] ?? kind.title,
    settings_schema: {
      ...kind.settings_schema,
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, translated(name, property)]),
      ),
    },
    secrets: kind.secrets.map((each) => translated(each.name, each)),
  };
}

/** A value that can be chosen for a setting, such as the position of the widget. */
export function choiceLabel(value: string): string {
  const labels: Record<string, string> = channelKinds.choices;
  return labels[value] ?? value;
}
