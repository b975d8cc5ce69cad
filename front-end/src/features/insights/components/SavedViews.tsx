import { Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { SelectField } from '@/components/SelectField';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { paths } from '@/config/paths';
import { insightsTexts } from '@/config/texts/insights';
import { type SavedView, useChangeViews, viewsQuery } from '../api/views';

const DeleteDialog = loadWhenOpened(async () => (await import('@/components/DeleteDialog')).DeleteDialog);
const SaveViewDialog = loadWhenOpened(async () => (await import('./SaveViewDialog')).SaveViewDialog);

/** Opens, saves and deletes views: a page with its period and its filters. */
export function SavedViews({ page }: { page: string }) {
  const navigate = useNavigate();
  const { search } = useLocation();
  const views = useQuery(viewsQuery());
  const { remove } = useChangeViews();
  const [isSaving, setSaving] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const query = Object.fromEntries(new URLSearchParams(search));
  const current = views.data?.find((view) => view.page === page && isSame(view.query, query));
  return (
    <>
      {views.data && views.data.length > 0 && (
        <SelectField
          label={insightsTexts.views}
          value={current?.view_id ?? ''}
          fullWidth={false}
          onChange={(event) => {
            const view = views.data.find((each) => each.view_id === event.target.value);
            if (view) void navigate(addressOfView(view));
          }}
          sx={{ width: { xs: '100%', sm: 200 } }}
        >
          {!current && <option value="">{insightsTexts.chooseView}</option>}
          {views.data.map((view) => (
            <option key={view.view_id} value={view.view_id}>
              {view.name}
            </option>
          ))}
        </SelectField>
      )}
      {current ? (
        <Button onClick={() => setDeleting(true)}>{insightsTexts.deleteView}</Button>
      ) : (
        <Button onClick={() => setSaving(true)}>{insightsTexts.saveView}</Button>
      )}
      <SaveViewDialog
        open={isSaving}
        views={views.data ?? []}
        page={page}
        query={query}
        onClose={() => setSaving(false)}
      />
      <DeleteDialog
        id={isDeleting && current ? current.view_id : null}
        title={insightsTexts.deleteViewTitle({ name: current?.name ?? '' })}
        hint={insightsTexts.deleteViewHint}
        remove={remove}
        onClose={() => setDeleting(false)}
      />
    </>
  );
}

function addressOfView(view: SavedView): string {
  return `${view.page === 'overview' ? paths.insights : paths.insightsPage(view.page)}?${new URLSearchParams(view.query).toString()}`;
}

function isSame(a: Record<string, string>, b: Record<string, string>): boolean {
  const [left, right] = [a, b].map((each) => JSON.stringify(Object.entries(each).toSorted()));
  return left === right;
}
