import { texts } from '@/config/texts';
import { apiCalls } from '@/config/texts/apiCalls';
import type { PlaceholderNames } from '@/lib/placeholderNames';
import { isObject } from '@/lib/format';
import { FormOrJson } from './FormOrJson';
import { PairFields } from './PairFields';
import { isTextMap } from './retrievalForm';

interface Props {
  title: string;
  hint: string;
  editAsJson: string;
  value: Record<string, unknown>;
  onChange: (value: Record<string, unknown>) => void;
  names: PlaceholderNames;
}

/** A JSON object whose texts are templates: a form for texts, or JSON for anything else. */
export function ObjectFields({ title, hint, editAsJson, value, onChange, names }: Props) {
  return (
    <FormOrJson
      label={title}
      value={value}
      onChange={onChange}
      accepts={isObject}
      invalid={apiCalls.objectInvalid}
      isForm={isTextMap(value)}
      hint={hint}
      editAsJson={editAsJson}
    >
      <PairFields
        title={title}
        hint={hint}
        nameLabel={texts.common.name}
        valueLabel={apiCalls.value}
        add={apiCalls.addField}
        value={isTextMap(value) ? value : {}}
        onChange={onChange}
        names={names}
      />
    </FormOrJson>
  );
}
