#include "config/commandtemplate.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::BodyMode;
using cloudnode::CommandTemplate;

class TestCommandTemplate : public QObject {
    Q_OBJECT

private slots:
    void acceptsBarePlaceholders_data();
    void acceptsBarePlaceholders();
    void refusesPlacesWhereContentCouldRun_data();
    void refusesPlacesWhereContentCouldRun();
    void saysWhatToWriteInstead();
    void render_data();
    void render();
    void bodyIsThePathInFileMode();
    void doesNotSearchWhatItPutIn();
    void refusesWhatNoArgumentCanHold();
    void refusesACommandThatIsTooLong();
    void theLongestCommandStillStarts();
    void everyByteArrives_data();
    void everyByteArrives();

private:
    QByteArray runInFolder(const QString &shell, const QString &command);

    QTemporaryDir m_folder;
};

void TestCommandTemplate::acceptsBarePlaceholders_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("as a word") << u"python3 infer.py {body}"_s;
    QTest::newRow("behind an option and =") << u"run --params={body} --id={request_id}"_s;
    QTest::newRow("all three side by side") << u"run {body}{body_file}{request_id}"_s;
    QTest::newRow("behind closed quotes") << u"run \"it's\" 'say \"hi\"' {body}"_s;
    QTest::newRow("behind an escaped quote") << u"run it\\'s \\\" {body}"_s;
    QTest::newRow("behind an escaped backslash") << u"run \\\\{body}"_s;
    QTest::newRow("behind a quote in double quotes") << u"run \"a \\\" b\" {body}"_s;
    QTest::newRow("behind backquotes") << u"run `date '+%s'` {body}"_s;
    QTest::newRow("behind $(…)") << u"run $(date \"+%s\") \"$(echo ')')\" {body}"_s;
    QTest::newRow("within $(…)") << u"x=$(run {body}); echo \"$x\""_s;
    QTest::newRow("within (…)") << u"(cd sub && run {body})"_s;
    QTest::newRow("behind ${…}") << u"run ${HOME:-'/root'} \"${A#b}\" {body}"_s;
    QTest::newRow("behind $'…'") << u"IFS=$'\\n' run {body}"_s;
    QTest::newRow("behind $$") << u"run $$'x\\' {body}"_s;
    QTest::newRow("behind arithmetic") << u"run $((8000 + (1 << 4) + 16#ff)) {body}"_s;
    QTest::newRow("as a here-string") << u"run <<< {body}"_s;
    QTest::newRow("before a here-document") << u"run {body} <<EOF\nit's $x\nEOF\n"_s;
    QTest::newRow("behind a comment with a quote") << u"# don't worry\nrun {body}"_s;
    QTest::newRow("behind a comment at a line's end") << u"cd x # don't\nrun {body}"_s;
    QTest::newRow("behind a continued line") << u"run \\\n  {body}"_s;
    QTest::newRow("behind a # that is no comment") << u"run a#b $# ${#x} {body}"_s;
    QTest::newRow("behind an array") << u"a=(-x 'y z' # don't\n); run \"${a[@]}\" {body}"_s;
    QTest::newRow("behind case") << u"case $1 in a) echo;; esac; run {body}"_s;
    QTest::newRow("behind eval of another command") << u"eval x; run {body}"_s;
    QTest::newRow("behind a shell's script") << u"bash -c 'run \"$1\"' _ {body}"_s;
    QTest::newRow("none at all") << u"awk '{print}' ${HOME}/x \"{other}\" {a,b}"_s;
    QTest::newRow("empty") << QString();
}

void TestCommandTemplate::acceptsBarePlaceholders()
{
    QFETCH(QString, text);
    const auto parsed = CommandTemplate::parse(text);
    QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().text()));
}

void TestCommandTemplate::refusesPlacesWhereContentCouldRun_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    QTest::newRow("in single quotes") << u"run '{body}'"_s << u"single quotes"_s;
    QTest::newRow("in double quotes") << u"run \"{body}\""_s << u"double quotes"_s;
    QTest::newRow("deep in double quotes") << u"run \"--p={body_file} x\""_s << u"double quotes"_s;
    QTest::newRow("the id in quotes") << u"run --id '{request_id}'"_s << u"{request_id} stands"_s;
    QTest::newRow("in backquotes") << u"x=`run {body}`"_s << u"backquotes"_s;
    QTest::newRow("in backquotes in double quotes") << u"x=\"`run {body}`\""_s << u"backquotes"_s;
    QTest::newRow("in $(…) in double quotes") << u"x=\"$(run {body})\""_s << u"double quotes"_s;
    QTest::newRow("in $'…'") << u"run $'{body}'"_s << u"$'…'"_s;
    QTest::newRow("in $\"…\"") << u"run $\"{body}\""_s << u"double quotes"_s;
    QTest::newRow("in ${…}") << u"run ${x:-{body}}"_s << u"${…}"_s;
    QTest::newRow("as ${body}") << u"run ${body}"_s << u"behind a $"_s;
    QTest::newRow("behind a $") << u"run $$${body}"_s << u"behind a $"_s;
    QTest::newRow("behind $$") << u"run $${body}"_s << u"behind a $"_s;
    QTest::newRow("behind a backslash") << u"run \\{body}"_s << u"behind a \\"_s;
    QTest::newRow("in $((…))") << u"run $(({body} + 1))"_s << u"arithmetic"_s;
    QTest::newRow("in ((…))") << u"((x = {body}))"_s << u"arithmetic"_s;
    QTest::newRow("in $[…]") << u"run $[ {body} ]"_s << u"arithmetic"_s;
    QTest::newRow("in an array") << u"a=(x {body})"_s << u"array"_s;
    QTest::newRow("behind a broken array") << u"a=(|); run {body}"_s << u"array"_s;
    QTest::newRow("as an index") << u"a[{body}]=1"_s << u"behind a ["_s;
    QTest::newRow("in a here-document") << u"run <<EOF\n{body}\nEOF"_s << u"here-document"_s;
    QTest::newRow("in a here-document in $(…)") << u"x=$(cat <<E\n{body}\nE\n)"_s << u"here-document"_s;
    QTest::newRow("behind quotes in ${…} in quotes") << u"run \"${x:-'}\" {body}"_s << u"behind quotes"_s;
    QTest::newRow("behind case in $(…)")
        << u"x=\"$(case a in a) echo '\"';; esac)\"; run {body}"_s << u"behind a case"_s;
    QTest::newRow("behind an escaped quote in $'…'") << u"run $'\\'' {body}"_s << u"behind $'…'"_s;
    QTest::newRow("behind an escaped comment sign") << u"run \\# ' {body} '"_s << u"single quotes"_s;
    QTest::newRow("between a comment's quote and the next one")
        << u"echo # don't\necho ' {body} '"_s << u"single quotes"_s;
    QTest::newRow("in quotes on a line continued into a word")
        << u"run a\\\n# ' {body} '"_s << u"single quotes"_s;
    QTest::newRow("read by eval") << u"eval run {body}"_s << u"shell text"_s;
    QTest::newRow("read by another shell") << u"exec /bin/bash -e -uc {body}"_s << u"shell text"_s;
}

void TestCommandTemplate::refusesPlacesWhereContentCouldRun()
{
    QFETCH(QString, text);
    QFETCH(QString, reason);
    const auto parsed = CommandTemplate::parse(text);
    QVERIFY(!parsed);
    QVERIFY2(parsed.error().what.contains(reason), qPrintable(parsed.error().what));
}

void TestCommandTemplate::saysWhatToWriteInstead()
{
    const auto parsed = CommandTemplate::parse(u"run '{body}'"_s);
    QVERIFY(parsed.error().remedy.contains(u"Write {body} bare"_s));
    QVERIFY(parsed.error().remedy.contains(u"CYBERWAVE_PARAMS_FILE"_s));
}

void TestCommandTemplate::render_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("command");
    QTest::newRow("all three") << u"run {body} {body_file} {request_id}"_s
                               << u"run '{\"a\":\"it'\\''s\"}' '/p/a b.json' 'r 1'"_s;
    QTest::newRow("twice") << u"{request_id}{request_id}"_s << u"'r 1''r 1'"_s;
    QTest::newRow("other braces") << u"awk '{print}' ${HOME} {bodyx} { body }"_s
                                  << u"awk '{print}' ${HOME} {bodyx} { body }"_s;
    QTest::newRow("doubled braces") << u"run {{body}}"_s << u"run {'{\"a\":\"it'\\''s\"}'}"_s;
    QTest::newRow("in a comment") << u"run # {body}\nrun"_s << u"run # {body}\nrun"_s;
    QTest::newRow("nothing") << u"run"_s << u"run"_s;
}

void TestCommandTemplate::render()
{
    QFETCH(QString, text);
    const auto parsed = CommandTemplate::parse(text);
    QVERIFY(parsed);
    const auto command = parsed->render(R"({"a":"it's"})", u"/p/a b.json"_s, u"r 1"_s, BodyMode::Inline);
    QVERIFY(command);
    QTEST(*command, "command");
}

void TestCommandTemplate::bodyIsThePathInFileMode()
{
    const auto parsed = CommandTemplate::parse(u"run {body} {body_file}"_s);
    const QByteArray large(1'000'000, 'x');
    QCOMPARE(parsed->render(large, u"/p.json"_s, u"r"_s, BodyMode::File).value(),
             u"run '/p.json' '/p.json'"_s);
}

void TestCommandTemplate::doesNotSearchWhatItPutIn()
{
    const auto parsed = CommandTemplate::parse(u"run {body} {request_id}"_s);
    QCOMPARE(parsed->render("{request_id}", u"/p"_s, u"{body}"_s, BodyMode::Inline).value(),
             u"run '{request_id}' '{body}'"_s);
}

void TestCommandTemplate::refusesWhatNoArgumentCanHold()
{
    const auto parsed = CommandTemplate::parse(u"run {body}"_s);
    const auto command = parsed->render(QByteArray("a\0b", 3), u"/p"_s, u"r"_s, BodyMode::Inline);
    QVERIFY(!command);
    QVERIFY(command.error().what.contains(u"NUL"_s));
}

void TestCommandTemplate::refusesACommandThatIsTooLong()
{
    const auto parsed = CommandTemplate::parse(u"run {body}"_s);
    const QByteArray body = "\"" + QByteArray("ä").repeated(CommandTemplate::maxCommandBytes / 2) + "\"";
    const auto command = parsed->render(body, u"/p"_s, u"r"_s, BodyMode::Inline);
    QVERIFY(!command);
    QVERIFY(command.error().what.contains(QString::number(CommandTemplate::maxCommandBytes)));
    QVERIFY(command.error().remedy.contains(u"{body_file}"_s));
    QVERIFY(command.error().remedy.contains(u"body_mode: file"_s));
}

void TestCommandTemplate::theLongestCommandStillStarts()
{
    const auto parsed = CommandTemplate::parse(u"printf %s {body}"_s);
    const QByteArray body(CommandTemplate::maxCommandBytes - qsizetype(qstrlen("printf %s ''")), 'x');
    const auto command = parsed->render(body, u"/p"_s, u"r"_s, BodyMode::Inline);
    QVERIFY(command);
    QCOMPARE(command->size(), CommandTemplate::maxCommandBytes);
    QCOMPARE(runInFolder(u"bash"_s, *command), body);
    QVERIFY(!parsed->render(body + 'x', u"/p"_s, u"r"_s, BodyMode::Inline));
}

void TestCommandTemplate::everyByteArrives_data()
{
    QTest::addColumn<QString>("shell");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("body");
    const QList<std::pair<const char *, QString>> templates = {
        {"bare", u"printf %s {body}"_s},
        {"glued to an option", u"x() { printf %s \"${1#--p=}\"; }; x --p={body}"_s},
        {"within $(…)", u"x=$(printf '%s.' {body}); printf %s \"${x%.}\""_s},
        {"behind all sorts of quotes",
         u"# don't\nx=\"a'b`echo 'c'`$(echo \")\")${HOME:+x}\" y='\"' z=$$; printf %s {body}"_s},
        {"as a variable", u"x={body}; printf %s \"$x\""_s},
    };
    const QList<std::pair<const char *, QByteArray>> bodies = {
        {"a substitution", "$(touch pwned)"},
        {"backquotes", "`touch pwned`"},
        {"closed quotes", "'; touch pwned; '"},
        {"closed quotes and a comment", "'$(touch pwned)' # "},
        {"double quotes", "\"; touch pwned; \""},
        {"quotes only", "''\"\"''`'"},
        {"backslashes", "\\'; touch pwned; \\\\'\\"},
        {"line breaks", "a\n touch pwned\r\n\nb\n"},
        {"variables", "$HOME ${IFS} $1 $$ $'\\x27'"},
        {"history", "!! !touch !$"},
        {"a leading dash", "-n -e x"},
        {"globs and braces", "* ? [a-z] {a,b} ~"},
        {"separators", "a;b&c|d>pwned<e(f)g&&h||i"},
        {"printf's own", "%s %d \\n %%"},
        {"other tongues", "αβγ 🚀 \u202e\u2028 é é"},
        {"control characters", "\x01\x02\x1b[31m\x7f"},
        {"JSON", R"({"a":"it's \"$(touch pwned)\" \\ \u0027","b":[1,null]})"},
        {"nothing", ""},
    };
    for (const QString &shell : {u"bash"_s, u"sh"_s}) {
        for (const auto &[place, text] : templates) {
            for (const auto &[name, body] : bodies)
                QTest::addRow("%s, %s, %s", qPrintable(shell), place, name) << shell << text << body;
        }
    }
}

QByteArray TestCommandTemplate::runInFolder(const QString &shell, const QString &command)
{
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    process.start(QStandardPaths::findExecutable(shell), {u"-c"_s, command});
    if (!process.waitForFinished() || process.exitCode() != 0)
        return "failed: " + process.readAllStandardError();
    return process.readAllStandardOutput();
}

void TestCommandTemplate::everyByteArrives()
{
    QFETCH(QString, shell);
    QFETCH(QString, text);
    QFETCH(QByteArray, body);
    const auto parsed = CommandTemplate::parse(text);
    QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().text()));
    const auto command = parsed->render(body, u"/p"_s, u"r"_s, BodyMode::Inline);
    QVERIFY(command);
    QCOMPARE(runInFolder(shell, *command), body);
    QVERIFY(QDir(m_folder.path()).isEmpty());
}

QTEST_GUILESS_MAIN(TestCommandTemplate)
#include "tst_commandtemplate.moc"
