"""Texts and models that the tests share. The tests are of the installed package: `pip install .` first."""

from __future__ import annotations

import os
import shutil

import pytest

NO_JAVA = "there is no Java, which Spark runs on: apt-get install default-jre-headless"

TEXTS = {
    (
        "en",
        "threat",
    ): "We have copied all your files and passwords. Pay 5 bitcoin within 48 hours or we publish everything. "
    "Do not call the police or you will regret it.",
    (
        "en",
        "diplomatic",
    ): "The Ministry of Foreign Affairs strongly condemns the violation of the ceasefire agreement and calls "
    "upon all parties to return to negotiations under the auspices of the United Nations.",
    (
        "en",
        "news",
    ): "Police said on Tuesday that two people were injured when a bus left the road near Leeds. Trains were "
    "running again by noon, a spokesman said.",
    (
        "uk",
        "threat",
    ): "Це останнє попередження. Якщо не перекажете гроші, ми викладемо всі ваші документи, а потім прийдемо до "
    "вас додому. Поліція вам не допоможе.",
    (
        "uk",
        "diplomatic",
    ): "Міністерство закордонних справ рішуче засуджує порушення міжнародного права і закликає міжнародну "
    "спільноту посилити санкційний тиск.",
    (
        "ru",
        "threat",
    ): "Мы знаем, где ты живёшь. Если завтра не переведёшь деньги, пеняй на себя: дом сгорит, и никто вас не спасёт.",
    (
        "pl",
        "threat",
    ): "Wiemy, gdzie mieszkasz i gdzie chodzą do szkoły twoje dzieci. Zapłać do piątku albo pożałujesz, policja ci nie pomoże.",
}
TRAINING = {
    "sport": [
        "A late goal won the match for the home team.",
        "The striker scored twice before half time.",
        "The goalkeeper saved a penalty in the final.",
        "The coach praised his team after the match.",
    ],
    "markets": [
        "Shares fell again after the bank raised rates.",
        "The index rose as investors bought bonds.",
        "Profits at the bank beat what analysts expected.",
        "Oil prices fell and the currency weakened.",
    ],
}


def has_java():
    home = os.environ.get("JAVA_HOME", "")
    return bool(shutil.which("java")) or (bool(home) and os.path.exists(os.path.join(home, "bin", "java")))


@pytest.fixture(scope="session")
def lc():
    return pytest.importorskip("libclassify", reason="the package is not installed: pip install .")


@pytest.fixture(scope="session")
def model(lc):
    return lc.load()


@pytest.fixture(scope="session")
def texts():
    return list(TEXTS.values())


@pytest.fixture
def training():
    """Texts, labels."""
    rows = [(text, label) for label, group in TRAINING.items() for text in group]
    return [text for text, _ in rows], [label for _, label in rows]


@pytest.fixture
def small(lc, training):
    """A model of a few texts."""
    return lc.train(*training, "en", smoothing=1)
