"""RNN, LSTM or GRU: what does each remember of the same session?"""

from __future__ import annotations

from gru_viz.ui.cells.beside import beside
from gru_viz.ui.cells.deeper import deeper
from gru_viz.ui.cells.loaded import cells
from gru_viz.ui.cells.measured import measured
from gru_viz.ui.cells.shop_only import require_shop
from gru_viz.ui.frame import facts, remarks
from gru_viz.ui.opening import opening

page = opening("RNN, LSTM or GRU: what does each remember?", late=True)
source = require_shop(page.now)
compared = cells(source)
remarks(compared.missing)
beside(page.now, compared, page.trace)
facts(source, page.now.loaded)
if compared.study is not None:
    measured(compared.study)
deeper()
