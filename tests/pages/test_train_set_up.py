"""Does the Train page set a training up as the person says, however fast, and refuse in plain words?

Oracle: what the page then asks of `gru_viz.jobs`.
"""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from gru_viz.learn.config import PRESETS
from gru_viz.model import ModelConfig
from tests.logs import memory_log, write_csv
from tests.pages.browsing import button, labels, view_of, words
from tests.pages.train_page import PERSON
from tests.ui.training import job


def test_the_sample_shop_and_a_preset(train, kept):
    train.run()
    assert "20,000 sessions, 186,818 clicks on 240 items" in words(train)
    assert "measured on 2,000 later ones" in words(train)
    assert "About 75 s and 1.0 GB of memory" in words(train)
    train.radio(key="gru_viz.train.preset").set_value("quick").run()
    train.select_slider(key="gru_viz.train.share").set_value(20).run()
    button(train, "Start training").click().run()
    ((what, request, owner),) = kept.asked
    assert (what, owner) == ("submit", PERSON)
    assert request.training == PRESETS["quick"].training
    assert request.model == ModelConfig(**PRESETS["quick"].model).to_dict()
    assert (len(request.parts.train), len(request.parts.test)) == (16_000, 4_000)
    assert request.parts.train.catalog.titles != request.parts.train.catalog.ids
    assert view_of(train).job == "cd" * 16
    assert "Waits: second in line" in words(train)


def test_advanced_settings_and_what_does_not_fit(train, kept):
    train.run()
    train.selectbox(key="gru_viz.train.set.embedding").set_value("tied").run()
    train.number_input(key="gru_viz.train.set.units").set_value(16).run()
    train.selectbox(key="gru_viz.train.set.start").set_value("markov").run()
    assert "start from the Markov chain" in words(train)
    assert "Start training" not in labels(train)
    train.selectbox(key="gru_viz.train.set.start").set_value("random").run()
    button(train, "Start training").click().run()
    model = ModelConfig.from_dict(dict(kept.asked[0][1].model))
    assert (model.units, model.embedding_dim, model.output) == ((16,), 16, "tied")


def test_settings_that_come_faster_than_the_page_are_all_trained_with(train, kept):
    """Two fields and the button in one message, as they come when the page is still being drawn."""
    train.run()
    train.number_input(key="gru_viz.train.set.units").set_value(24)
    train.number_input(key="gru_viz.train.set.epochs").set_value(3)
    train.select_slider(key="gru_viz.train.share").set_value(20)
    button(train, "Start training").click().run()
    ((_, request, _),) = kept.asked
    assert request.model["units"] == (24,)
    assert request.training.epochs == 3
    assert len(request.parts.test) == 4_000


def test_a_start_with_settings_that_do_not_fit_starts_nothing_then_or_later(train, kept):
    train.run()
    train.selectbox(key="gru_viz.train.set.embedding").set_value("tied").run()
    train.selectbox(key="gru_viz.train.set.start").set_value("markov")
    button(train, "Start training").click().run()
    assert "start from the Markov chain" in words(train)
    train.selectbox(key="gru_viz.train.set.start").set_value("random").run()
    assert kept.asked == []


def test_a_refusal_is_one_line(train, kept):
    kept.refuses = "20 trainings are waiting already; try again later"
    button(train.run(), "Start training").click().run()
    assert kept.refuses in words(train)
    assert "Start training" in labels(train)


def test_one_at_a_time(train, kept):
    kept.runs = [job("running")]
    train.query_params["job"] = "new"
    assert button(train.run(), "Start training").disabled


def upload(app, name, data):
    app.file_uploader(key="gru_viz.train.upload").set_value((name, data, "text/csv")).run()
    return app


def test_an_upload_its_columns_and_a_file_that_cannot_be_read(train, kept, tmp_path):
    train.run().segmented_control(key="gru_viz.train.pick").set_value("own").run()
    data = write_csv(memory_log(40), tmp_path / "mine.csv").read_bytes()
    upload(train, "mine.csv", data)
    assert "mine.csv: 40 sessions" in words(train)
    upload(train, "bad.csv", b"one\nx\n")
    assert "bad.csv" in words(train)
    assert "mine.csv, which was read before, is still there" in words(train)
    assert "Start training" in labels(train)
    renamed = data.replace(b"SessionId,ItemId,Time", b"who,what,when")
    upload(train, "<b>odd</b>.csv", renamed)
    assert "no session column among 'who', 'what', 'when'; choose it below" in words(train)
    assert mapping(train).proto.expanded
    train.selectbox(key="gru_viz.train.column.session").set_value("who").run()
    assert "no item column among 'who', 'what', 'when'; choose it below" in words(train)
    train.selectbox(key="gru_viz.train.column.item").set_value("what").run()
    assert "<b>odd</b>.csv: 40 sessions" in words(train)
    assert mapping(train).proto.expanded  # the time is still to be told
    assert "measured on the last 4 in the file" in words(train)
    assert "There is no time column" in words(train)
    assert train.select_slider(key="gru_viz.train.share").label == "Held out: the last sessions in the file"
    train.selectbox(key="gru_viz.train.column.time").set_value("when").run()
    assert mapping(train).proto.expanded
    assert "measured on 4 later ones" in words(train)
    assert train.select_slider(key="gru_viz.train.share").label == "Held out: the last sessions by time"
    button(train, "Start training").click().run()
    assert kept.asked[0][1].parts.facts["log"]["columns"] == {
        "session": "who",
        "item": "what",
        "time": "when",
    }


def mapping(app):
    (found,) = [one for one in app.expander if one.label == "Which column is what"]
    return found


def own(train) -> AppTest:
    return train.run().segmented_control(key="gru_viz.train.pick").set_value("own").run()


def test_an_unreadable_own_file_leaves_nothing_else_to_train_on(train, kept):
    upload(own(train), "bad.csv", b"one,two\nx,y\nx,z\n")
    assert "which was read before" not in words(train)
    assert "Start training" not in labels(train)
    assert not [box for box in train.select_slider if box.key == "gru_viz.train.share"]
    assert mapping(train).proto.expanded


def test_rows_without_an_id_are_left_out_where_the_person_says_so(train, kept, tmp_path):
    data = write_csv(memory_log(40), tmp_path / "mine.csv").read_bytes()
    upload(own(train), "mine.csv", data)
    key = "gru_viz.train.leave_out"
    assert key not in [box.key for box in train.checkbox]
    holed = data + b"s1,,1700009999\n"
    upload(train, "holed.csv", holed)
    assert "empty item id; fill it in, or leave such rows out" in words(train)
    assert not mapping(train).proto.expanded
    train.checkbox(key=key).check().run()
    assert "holed.csv: 40 sessions" in words(train)
    assert "· 1 row left out" in words(train)
    upload(train, "other.csv", holed + b"s2,,1700009999\n")  # of each file it is asked
    assert not train.checkbox(key=key).value
    upload(train, "holed.csv", holed)
    assert train.checkbox(key=key).value
    train.checkbox(key=key).uncheck().run()
    assert "empty item id" in words(train)


def test_a_file_that_is_still_in_use_is_shown_and_can_be_taken_away(train, kept, tmp_path):
    data = write_csv(memory_log(40), tmp_path / "mine.csv").read_bytes()
    upload(own(train), "mine.csv", data)
    assert "In use" not in words(train)  # the field shows it
    assert "A reload of this page forgets the file" in words(train)
    train.segmented_control(key="gru_viz.train.pick").set_value("sample").run()
    train.segmented_control(key="gru_viz.train.pick").set_value("own").run()
    assert "In use: mine.csv" in words(train)
    assert "mine.csv: 40 sessions" in words(train)
    button(train, "Take it away").click().run()
    assert "mine.csv" not in words(train)
    assert "Choose a file of clicks to go on" in words(train)
    assert "Start training" not in labels(train)
