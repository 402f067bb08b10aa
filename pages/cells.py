"""RNN, LSTM or GRU: what does each remember of the same session?"""

from __future__ import annotations

from gru_viz.ui.cells.beside import beside
from gru_viz.ui.cells.deeper import deeper
from gru_viz.ui.cells.exploding import exploding
from gru_viz.ui.cells.loaded import cells
from gru_viz.ui.cells.measured import measured
from gru_viz.ui.cells.own import lacking, own_cells, shop_instead
from gru_viz.ui.cells.switches import chosen, switches
from gru_viz.ui.frame import facts, remarks
from gru_viz.ui.opening import opening
from gru_viz.ui.sources import SAMPLE

page = opening("RNN, LSTM or GRU: what does each remember?", late=True)
source = page.now.source
of_the_shop = source.key == SAMPLE
if of_the_shop:
    choice, notes = chosen(page.now.view)
    compared = cells(source, choice)
    remarks((*notes, *compared.missing))
    switches(choice, compared.studies)
    source = compared.sources.get("gru", source)
else:
    compared = own_cells(source)
    lacking(compared, source)
beside(page.now, compared, page.trace)
facts(source, page.now.loaded)
if of_the_shop:
    measured(compared.studies, choice)
    exploding()
else:
    shop_instead()
deeper(page.now, compared)
