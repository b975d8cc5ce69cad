import { Box, Typography } from '@mui/material';
import { diffLines, diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';
import { CodeBox } from '@/components/CodeText';
import { texts } from '@/config/texts';
import { type DiffBlock, blocksOf } from './diffBlocks';

const MAX_WORD_DIFF_LENGTH = 20_000; // characters; longer changes are compared line by line

/** The lines that differ between two texts, each with some lines around it. */
export function DiffView({ before, after, label }: { before: string; after: string; label: string }) {
  const blocks = useMemo(() => blocksOf(before, after), [before, after]);
  if (!blocks.length)
    return (
      <Typography variant="body2" color="textSecondary">
        {texts.templates.noDifference}
      </Typography>
    );
  return (
    <Box
      sx={{
        '& ins': { textDecoration: 'none', bgcolor: 'rgba(70, 160, 90, 0.25)', borderRadius: '3px' },
        '& del': { bgcolor: 'rgba(200, 70, 60, 0.22)', borderRadius: '3px' },
      }}
    >
      <CodeBox label={label} maxHeight={420}>
        {blocks.map((block, index) => (
          // eslint-disable-next-line react/no-array-index-key -- the blocks keep their order
          <Block key={index} block={block} />
        ))}
      </CodeBox>
    </Box>
  );
}

function Block({ block }: { block: DiffBlock }) {
  if (block.kind === 'same') return block.text;
  if (block.kind === 'left-out')
    return (
      <Typography component="span" variant="caption" color="textSecondary" sx={{ display: 'block' }}>
        {texts.templates.linesLeftOut({ n: block.lines })}
      </Typography>
    );
  const { before, after } = block;
  const parts =
    before.length + after.length < MAX_WORD_DIFF_LENGTH ? diffWordsWithSpace(before, after) : diffLines(before, after);
  return parts.map((part, index) => {
    // eslint-disable-next-line react/no-array-index-key -- the parts keep their order
    if (part.added) return <ins key={index}>{part.value}</ins>;
    // eslint-disable-next-line react/no-array-index-key
    if (part.removed) return <del key={index}>{part.value}</del>;
    return part.value;
  });
}
