#include "support/clirun.h"

#include <QFile>
#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;
using cloudnode::test::CliRun;

/// Holds the shells' completions against what --help says.
class TestCliCompletion : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void bashOffersEveryCommand();
    void bashOffersTheOptionsOfACommand_data();
    void bashOffersTheOptionsOfACommand();
    void namesEveryCommandAndOption_data();
    void namesEveryCommandAndOption();

private:
    static QString help(const QStringList &command);
    static QStringList optionsOf(const QStringList &command);
    static QStringList bash(const QStringList &words);

    QStringList m_commands;
};

QString TestCliCompletion::help(const QStringList &command)
{
    QProcess process;
    CliRun::start(process, command + QStringList{u"--help"_s}, {});
    return CliRun::of(process).out;
}

QStringList TestCliCompletion::optionsOf(const QStringList &command)
{
    QStringList options;
    static const QRegularExpression option(u"^ +(?:-\\w,)?(--[a-z-]+)"_s,
                                           QRegularExpression::MultilineOption);
    for (auto matches = option.globalMatch(help(command)); matches.hasNext();)
        options << matches.next().captured(1);
    return options;
}

/// What bash offers to write at the end of these words.
QStringList TestCliCompletion::bash(const QStringList &words)
{
    QProcess process;
    process.start(u"bash"_s, QStringList{u"-c"_s,
                                         u". \"$0\" && COMP_WORDS=(\"$@\") && COMP_CWORD=$(($# - 1)) && "
                                         "_cloudnode && printf '%s\\n' \"${COMPREPLY[@]}\""_s,
                                         QStringLiteral(CLOUDNODE_COMPLETIONS "/cloudnode.bash")} +
                                 words);
    return CliRun::of(process).out.split(u'\n', Qt::SkipEmptyParts);
}

void TestCliCompletion::initTestCase()
{
    const QString list = help({}).section(u"Subcommands:\n"_s, 1).section(u"\n\n"_s, 0, 0);
    for (const QString &line : list.split(u'\n', Qt::SkipEmptyParts)) {
        if (line.startsWith(u"  "_s) && !line.startsWith(u"   "_s))
            m_commands << line.trimmed().section(u' ', 0, 0);
    }
    QVERIFY2(m_commands.contains(u"doctor"_s) && m_commands.size() >= 12, qPrintable(m_commands.join(u' ')));
}

void TestCliCompletion::bashOffersEveryCommand()
{
    const QStringList offered = bash({u"cloudnode"_s, QString()});
    for (const QString &command : std::as_const(m_commands))
        QVERIFY2(offered.contains(command), qPrintable(command));
}

void TestCliCompletion::bashOffersTheOptionsOfACommand_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::newRow("the program itself") << QStringList{};
    for (const QString &command : std::as_const(m_commands))
        QTest::newRow(qPrintable(command)) << QStringList{command};
}

void TestCliCompletion::bashOffersTheOptionsOfACommand()
{
    QFETCH(QStringList, command);
    QStringList known = optionsOf(command);
    QStringList offered = bash(QStringList{u"cloudnode"_s} + command + QStringList{u"--"_s});
    known.sort();
    offered.sort();
    QCOMPARE(offered, known);
}

void TestCliCompletion::namesEveryCommandAndOption_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("option"); // how it is written there
    QTest::newRow("zsh") << u"_cloudnode"_s << u"--%1\\b"_s;
    QTest::newRow("fish") << u"cloudnode.fish"_s << u"-l %1\\b"_s;
}

void TestCliCompletion::namesEveryCommandAndOption()
{
    QFETCH(QString, file);
    QFETCH(QString, option);
    QFile completion(QStringLiteral(CLOUDNODE_COMPLETIONS "/") + file);
    QVERIFY(completion.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(completion.readAll());
    const auto names = [&text](const QString &pattern) { return text.contains(QRegularExpression(pattern)); };
    QStringList options = optionsOf({});
    for (const QString &command : std::as_const(m_commands)) {
        QVERIFY2(names(u"\\b%1\\b"_s.arg(command)), qPrintable(command));
        options += optionsOf({command});
    }
    for (const QString &name : std::as_const(options))
        QVERIFY2(names(option.arg(name.mid(2))), qPrintable(name));
}

QTEST_GUILESS_MAIN(TestCliCompletion)
#include "tst_cli_completion.moc"
