#include "config/dotenv.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::DotEnv;
using cloudnode::DotEnvEntry;
using Entries = QList<DotEnvEntry>;

Q_DECLARE_METATYPE(Entries)

class TestDotEnv : public QObject {
    Q_OBJECT

private slots:
    void parse_data();
    void parse();
    void skipsWhatItCannotUnderstand_data();
    void skipsWhatItCannotUnderstand();
    void asksTheEnvironmentFirst();
    void doesNotGrowWithoutEnd();
    void isQuickWithManyLines();
};

void TestDotEnv::parse_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<Entries>("entries");
    const auto row = [](const char *name, const QString &text, const Entries &entries) {
        QTest::newRow(name) << text << entries;
    };
    row("empty", u""_s, {});
    row("one line", u"A=b"_s, {{u"A"_s, u"b"_s, 1}});
    row("blanks around", u"  A =  b c  \n"_s, {{u"A"_s, u"b c"_s, 1}});
    row("with export", u"export A=b"_s, {{u"A"_s, u"b"_s, 1}});
    row("a name that begins like export", u"exported=b"_s, {{u"exported"_s, u"b"_s, 1}});
    row("no value", u"A=\nB=1"_s, {{u"A"_s, u""_s, 1}, {u"B"_s, u"1"_s, 2}});
    row("a name alone says nothing", u"A\nB=1"_s, {{u"B"_s, u"1"_s, 2}});
    row("comments and blank lines", u"# a\n\n  # b\nA=1 # c\n"_s, {{u"A"_s, u"1"_s, 4}});
    row("a # within a word", u"A=b#c"_s, {{u"A"_s, u"b#c"_s, 1}});
    row("an = within the value", u"A=b=c=="_s, {{u"A"_s, u"b=c=="_s, 1}});
    row("in single quotes", u"A='b # c'  # d"_s, {{u"A"_s, u"b # c"_s, 1}});
    row("in double quotes", u"A=\"b # c\""_s, {{u"A"_s, u"b # c"_s, 1}});
    row("escapes in single quotes", u"A='a\\'b\\\\c\\n'"_s, {{u"A"_s, u"a'b\\c\\n"_s, 1}});
    row("escapes in double quotes", u"A=\"a\\\"b\\n\\tc\\x\""_s, {{u"A"_s, u"a\"b\n\tc\\x"_s, 1}});
    row("no escapes without quotes", u"A=a\\nb"_s, {{u"A"_s, u"a\\nb"_s, 1}});
    row("a backslash before the last quote", u"A='C:\\dir\\'"_s, {{u"A"_s, u"C:\\dir\\"_s, 1}});
    row("over two lines", u"A=\"a\nb\"\nB=1"_s, {{u"A"_s, u"a\nb"_s, 1}, {u"B"_s, u"1"_s, 3}});
    row("a name in quotes", u"'A b'=c"_s, {{u"A b"_s, u"c"_s, 1}});
    row("the last of two counts", u"A=1\nB=2\nA=3"_s, {{u"A"_s, u"3"_s, 3}, {u"B"_s, u"2"_s, 2}});
    row("Windows line ends", u"A=1\r\nB='2'\r\n"_s, {{u"A"_s, u"1"_s, 1}, {u"B"_s, u"2"_s, 2}});
    row("old Mac line ends", u"A=1\rB=2"_s, {{u"A"_s, u"1"_s, 1}, {u"B"_s, u"2"_s, 2}});
    row("refers to itself", u"A=x\nB=${A}y"_s, {{u"A"_s, u"x"_s, 1}, {u"B"_s, u"xy"_s, 2}});
    row("refers in any quotes", u"A=x\nB='${A}'\nC=\"${A}\""_s,
        {{u"A"_s, u"x"_s, 1}, {u"B"_s, u"x"_s, 2}, {u"C"_s, u"x"_s, 3}});
    row("refers to the environment", u"B=-${FROM_OUTSIDE}-"_s, {{u"B"_s, u"-out-"_s, 1}});
    row("refers to nothing", u"B=-${NOBODY}-"_s, {{u"B"_s, u"--"_s, 1}});
    row("refers to nothing with a default", u"B=${NOBODY:-a b}"_s, {{u"B"_s, u"a b"_s, 1}});
    row("a default that is not needed", u"B=${FROM_OUTSIDE:-x}"_s, {{u"B"_s, u"out"_s, 1}});
    row("set to nothing is set", u"B=${EMPTY_OUTSIDE:-x}"_s, {{u"B"_s, u""_s, 1}});
    row("a $ alone", u"B=$A $ ${"_s, {{u"B"_s, u"$A $ ${"_s, 1}});
    row("what a reference brings is not expanded again", u"A='$'\nB=${A}{A}"_s,
        {{u"A"_s, u"$"_s, 1}, {u"B"_s, u"${A}"_s, 2}});
    row("Greek", u"ΑΒΓ=αβγ"_s, {{u"ΑΒΓ"_s, u"αβγ"_s, 1}});
}

void TestDotEnv::parse()
{
    QFETCH(QString, text);
    QProcessEnvironment environment;
    environment.insert(u"FROM_OUTSIDE"_s, u"out"_s);
    environment.insert(u"EMPTY_OUTSIDE"_s, QString());
    const DotEnv file = DotEnv::parse(text, environment);
    QTEST(file.entries, "entries");
    QCOMPARE(file.badLines, QList<int>());
}

void TestDotEnv::skipsWhatItCannotUnderstand_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("line");
    QTest::newRow("a sentence") << u"this is no setting\nA=1"_s << 1;
    QTest::newRow("an unclosed quote") << u"\nB='x\nA=1"_s << 2;
    QTest::newRow("text behind a quote") << u"B='x'y\nA=1"_s << 1;
    QTest::newRow("no name") << u"=x\nA=1"_s << 1;
}

void TestDotEnv::skipsWhatItCannotUnderstand()
{
    QFETCH(QString, text);
    QFETCH(int, line);
    const DotEnv file = DotEnv::parse(text, {});
    QCOMPARE(file.badLines, QList<int>{line});
    QCOMPARE(file.entries.size(), 1);
    QCOMPARE(file.entries.first().name, u"A"_s);
}

void TestDotEnv::asksTheEnvironmentFirst()
{
    QProcessEnvironment environment;
    environment.insert(u"A"_s, u"outside"_s);
    const DotEnv file = DotEnv::parse(u"A=inside\nB=${A}"_s, environment);
    QCOMPARE(file.entries.at(0).value, u"inside"_s);
    QCOMPARE(file.entries.at(1).value, u"outside"_s);
}

void TestDotEnv::doesNotGrowWithoutEnd()
{
    QString text = u"A0=0123456789\n"_s;
    for (int i = 1; i < 60; ++i)
        text += u"A%1=${A%2}${A%2}${A%2}\n"_s.arg(i).arg(i - 1);
    const DotEnv file = DotEnv::parse(text, {});
    QVERIFY(!file.badLines.isEmpty());
    qsizetype size = 0;
    for (const DotEnvEntry &entry : file.entries)
        size += entry.value.size();
    QVERIFY(size <= 1 << 20);
}

void TestDotEnv::isQuickWithManyLines()
{
    QString text;
    for (int i = 0; text.size() < 1 << 18; ++i)
        text += u"A%1=x\nB=${A%1}\n"_s.arg(i);
    const DotEnv file = DotEnv::parse(text, {}); // takes minutes if a step looks at the whole text
    QVERIFY(file.entries.size() > 10'000);
}

QTEST_GUILESS_MAIN(TestDotEnv)
#include "tst_dotenv.moc"
