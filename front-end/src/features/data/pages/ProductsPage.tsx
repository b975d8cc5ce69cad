import { Button, Chip, Typography } from '@mui/material';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { DeleteDialog } from '@/components/DeleteDialog';
import { OneLine } from '@/components/OneLine';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { SearchField } from '@/components/SearchField';
import { AddIcon, UploadIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { dataTexts, productTexts } from '@/config/texts/data';
import { uuidOrNull } from '@/lib/format';
import { formatMoney } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { Product } from '@/lib/types';
import { productQuery, productsQuery, useChangeProducts } from '../api/products';
import { ChoiceField } from '../components/ChoiceField';
import { Filters, PagedList } from '../components/PagedList';
import { useFilters } from '@/lib/useFilters';

const ProductDialog = loadWhenOpened(async () => (await import('../components/ProductDialog')).ProductDialog);

/** What the business sells. */
export default function ProductsPage() {
  const { canEdit } = useSession();
  const filters = useFilters('q', 'kind');
  const [isCreating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<Product | null>(null);
  const { remove } = useChangeProducts();
  const products = useInfiniteQuery(
    productsQuery({
      q: filters.get('q') || undefined,
      kind: (filters.get('kind') || undefined) as Product['kind'] | undefined,
    }),
  );
  const shown = uuidOrNull(filters.get('product'));
  const product = useQuery({ ...productQuery(shown ?? ''), enabled: shown !== null });
  const close = () => filters.set({ product: '' });
  return (
    <Page
      title={productTexts.title}
      description={productTexts.description}
      actions={
        canEdit && (
          <>
            <Button component={Link} to={paths.importOf('products')} startIcon={<UploadIcon />}>
              {dataTexts.import}
            </Button>
            <Button variant="contained" startIcon={<AddIcon />} onClick={() => setCreating(true)}>
              {productTexts.new}
            </Button>
          </>
        )
      }
    >
      <Filters>
        <SearchField label={productTexts.search} value={filters.get('q')} onChange={(q) => filters.set({ q })} />
        <ChoiceField
          label={productTexts.kind}
          value={filters.get('kind') || 'all'}
          options={{ all: texts.common.all, ...productTexts.kinds }}
          onChange={(kind) => filters.set({ kind: kind === 'all' ? '' : kind })}
        />
      </Filters>
      {shown && product.error && <ErrorNotice error={product.error} onClose={close} />}
      <PagedList
        query={products}
        isFiltered={filters.isFiltered}
        onClear={filters.clear}
        empty={{ title: productTexts.empty, hint: productTexts.emptyHint }}
      >
        {(rows) => (
          <RowList
            label={productTexts.title}
            rows={rows.map((row) => ({
              key: row.product_id,
              to: filters.linkTo({ product: row.product_id }),
              title: <bdi>{row.product_name}</bdi>,
              detail: row.description && (
                <Typography variant="body2" noWrap>
                  <OneLine text={row.description} />
                </Typography>
              ),
              meta: (
                <>
                  {row.sku && (
                    <Typography variant="caption" color="textSecondary">
                      <bdi>{row.sku}</bdi>
                    </Typography>
                  )}
                  <Chip size="small" variant="outlined" label={productTexts.kinds[row.kind]} />
                  {row.price !== null && (
                    <Typography variant="body2">{formatMoney(row.price, row.currency)}</Typography>
                  )}
                </>
              ),
            }))}
          />
        )}
      </PagedList>
      {shown && product.data && (
        <ProductDialog
          key={shown}
          product={product.data}
          onDelete={(row) => {
            close();
            setDeleting(row);
          }}
          onClose={close}
        />
      )}
      {isCreating && <ProductDialog product={null} onDelete={setDeleting} onClose={() => setCreating(false)} />}
      <DeleteDialog
        id={deleting?.product_id ?? null}
        title={productTexts.deleteTitle({ name: deleting?.product_name ?? '' })}
        hint={dataTexts.deletedHint}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </Page>
  );
}
