import { Link, Typography } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { TextWith } from '@/components/TextWith';
import { paths } from '@/config/paths';
import { releasesTexts } from '@/config/texts/releases';

/** Says on the pages of the design that edits are not live until they are published. */
export function DraftNotice() {
  return (
    <Typography variant="body2" color="textSecondary" role="note" sx={{ pt: 1 }}>
      <TextWith
        text={releasesTexts.notice}
        values={{
          changes: (
            <Link component={RouterLink} to={paths.changes} color="inherit">
              {releasesTexts.title}
            </Link>
          ),
        }}
      />
    </Typography>
  );
}
