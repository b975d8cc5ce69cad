import { Chip, Stack } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { TextField } from '@/components/TextField';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { filterText } from '../api/filters';
import { Nothing } from './Nothing';

const MAX_LENGTH = 40; // characters, the same maximum as the API's

interface Props {
  tags: readonly string[];
  /** Saves the tags; null if the user may not change them. */
  onChange: ((tags: string[]) => void) | null;
}

/** The tags of a conversation. Each one leads to the conversations that have it. */
export function TagsField({ tags, onChange }: Props) {
  const [text, setText] = useState('');
  const add = (event: FormEvent) => {
    event.preventDefault();
    const tag = text.trim().toLowerCase(); // as the server stores it
    setText('');
    if (tag && !tags.includes(tag)) onChange?.([...tags, tag]);
  };
  return (
    <>
      {tags.length > 0 && (
        <Stack direction="row" useFlexGap spacing={0.75} sx={{ flexWrap: 'wrap', mb: onChange ? 1 : 0 }}>
          {tags.map((tag) => (
            <Chip
              key={tag}
              size="small"
              label={<bdi>{tag}</bdi>}
              clickable
              component={Link}
              to={paths.inbox + filterText({ view: 'all', tag, q: null, sort: 'latest' })}
              title={onChange ? texts.inbox.filterOrRemoveTag({ tag }) : texts.inbox.filterByTag({ tag })}
              {...(onChange ? { onDelete: (event: Event) => remove(event, tag) } : {})}
            />
          ))}
        </Stack>
      )}
      {onChange ? (
        <form onSubmit={add}>
          <TextField
            value={text}
            placeholder={texts.inbox.addTag}
            onChange={(event) => setText(event.target.value)}
            slotProps={{ htmlInput: { 'aria-label': texts.inbox.addTag, maxLength: MAX_LENGTH, dir: 'auto' } }}
          />
        </form>
      ) : (
        !tags.length && <Nothing>{texts.inbox.noTags}</Nothing>
      )}
    </>
  );

  function remove(event: Event, tag: string) {
    event.preventDefault(); // do not follow the link
    onChange?.(tags.filter((each) => each !== tag));
  }
}
